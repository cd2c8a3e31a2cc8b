# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Files that admins send: read in a child process, which ends with whatever was in them."""
