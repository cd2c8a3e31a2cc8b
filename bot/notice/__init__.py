# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The notice: what people are told of their data, made from what the operator decided and from what runs."""
