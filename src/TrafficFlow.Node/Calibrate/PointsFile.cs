using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.Calibrate;

/// <summary>Surveyed points as a table: x,y,east,north in fractions of the picture, or px_x,px_y,east,north in pixels; with semicolons and decimal commas too.</summary>
internal static class PointsFile
{
    private const string Remedy = "begin with the header x,y,east,north (fractions of the picture) or px_x,px_y,east,north (pixels), metres";

    /// <exception cref="JobFailedException">The file is not such a table; the message names the line.</exception>
    public static IReadOnlyList<GroundReference> Read(string file, (int Width, int Height) size)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{file}: cannot be read ({e.Message}): check the path", e);
        }

        var first = (lines.FirstOrDefault() ?? "").TrimStart('\uFEFF');
        var form = CsvForm.Of(first);
        var header = first.Split(form.Separator).Select(c => c.Trim().ToLowerInvariant()).ToList();
        var (pixelX, pixelY) = (header.IndexOf("px_x"), header.IndexOf("px_y"));
        var (x, y) = pixelX >= 0 ? (pixelX, pixelY) : (header.IndexOf("x"), header.IndexOf("y"));
        var (east, north) = (Column("east", "utm_e", "e"), Column("north", "utm_n", "n"));
        if (x < 0 || y < 0 || east < 0 || north < 0) throw new JobFailedException($"{file}: the header \"{PlainText.Of(lines.FirstOrDefault() ?? "", 80)}\" does not name the columns: {Remedy}");
        var (width, height) = pixelX >= 0 ? (size.Width, size.Height) : (1, 1);
        return [.. lines.Select((text, i) => (Text: text, Line: i + 1)).Skip(1).Where(l => l.Text.Trim().Length > 0).Select(l =>
        {
            var cells = l.Text.Split(form.Separator);
            var image = new PicturePoint(Cell(cells, x, l.Line) / width, Cell(cells, y, l.Line) / height);
            if (!image.IsInside)
            {
                throw new JobFailedException($"{file}:{l.Line}: the point lies outside the picture: " +
                    (pixelX >= 0 ? $"the picture is {width}x{height}; give the size in which the pixels were read with --size" : "fractions go from 0 to 1; name the columns px_x,px_y if these are pixels"));
            }

            return new GroundReference(image, Cell(cells, east, l.Line), Cell(cells, north, l.Line));
        })];

        int Column(params string[] names) => names.Select(n => header.IndexOf(n)).FirstOrDefault(i => i >= 0, -1);

        double Cell(string[] cells, int column, int line) =>
            column < cells.Length && form.TryNumber(cells[column], out var number)
                ? number
                : throw new JobFailedException($"{file}:{line}: {header[column]} is not a number: write it with a decimal point{(form.Separator == ',' ? ", or separate the cells by semicolons" : " or comma")}");
    }
}
