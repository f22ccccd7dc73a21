"""PDF files to import, drawn on the spot: rules and words at places, nothing else.

    Pdf().line(40, 30, "Corporate Risk Register").table(40, 60, [90, 200], [["Ref", "Risk"], …])

Places are in points from the upper left corner. A cell is a text; its lines are parted by `\\n`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

WIDTH, HEIGHT, SIZE, PITCH = 842, 595, 8, 9.2


class Pdf:
    def __init__(self) -> None:
        self.pages: list[list[str]] = [[]]

    def page(self) -> Pdf:
        self.pages.append([])
        return self

    def line(self, x: float, y: float, text: str, size: float = SIZE, upright: bool = True) -> Pdf:
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        turn = "1 0 0 1" if upright else "0 1 -1 0"
        self.pages[-1].append(
            f"BT /F1 {size} Tf {turn} {x:.1f} {HEIGHT - y:.1f} Tm ({escaped}) Tj ET"
        )
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> Pdf:
        self.pages[-1].append(f"0.5 w {x0} {HEIGHT - y0} m {x1} {HEIGHT - y1} l S")
        return self

    def table(
        self,
        x: float,
        y: float,
        widths: Sequence[float],
        rows: Sequence[Sequence[str]],
        *,
        ruled: bool = True,
    ) -> Pdf:
        """Draws a table and its rules; the last row's foot is kept in `foot`."""
        edges = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
        tops = [y]
        for row in rows:
            tops.append(tops[-1] + max(len(text.split("\n")) for text in row) * PITCH + 4)
            for left, text in zip(edges, row, strict=False):
                for n, line in enumerate(text.split("\n")):
                    self.line(left + 3, tops[-2] + 9 + n * PITCH, line)
        if ruled:
            for edge in edges:
                self.rule(edge, y, edge, tops[-1])
            for top in tops:
                self.rule(x, top, edges[-1], top)
        self.foot = tops[-1]
        return self

    def save(self, path: Path) -> Path:
        objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", ""]
        objects[2] = (
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
        )
        kids = []
        for drawn in self.pages:
            content = "\n".join(drawn)
            objects.append(
                f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}\nendstream"
            )
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents "
                f"{len(objects)} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            )
            kids.append(f"{len(objects)} 0 R")
        objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
        out, places = b"%PDF-1.4\n", []
        for number, body in enumerate(objects, 1):
            places.append(len(out))
            out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
        start = len(out)
        table = "".join(f"{place:010d} 00000 n \n" for place in places)
        out += (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
            f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
        ).encode()
        path.write_bytes(out)
        return path
