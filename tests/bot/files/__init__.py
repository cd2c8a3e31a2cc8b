# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT
