# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How far learners are: enrolments, what was asked, what was answered, what is to be asked again."""
