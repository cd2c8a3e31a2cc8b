# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Documents for those who must say yes: data protection, staff, direction. Every fact comes from the running system.

One module a document. What the operator has to say, and did not, stands as « à compléter ». They are in French, for French
administrations. See docs/adr/0047-documents-come-from-the-running-system.md.
"""
