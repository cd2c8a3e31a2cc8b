# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Drawing what people keep: pictures and papers, by typst, in a child process that ends with what it drew."""
