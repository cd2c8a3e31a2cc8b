# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Forms of a lesson: its keys in words, its JSON Schema, an empty or filled-in workbook or YAML file."""
