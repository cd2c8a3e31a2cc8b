# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The progress of learners: enrolments, prompts, answers, recalls."""
