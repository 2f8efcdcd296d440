using OpenCvSharp;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Accuracy.Streets;

namespace TrafficFlow.Benchmarks.Streets;

/// <summary>One picture of each film with its gates, in one sheet: whether the views look like what a camera on a pole sees.</summary>
internal static class StreetSheet
{
    private const int Columns = 4;
    private const int CellWidth = 400;
    private const int CellHeight = 226;

    public static async Task<Figures> WriteAsync(string file, IReadOnlyList<StreetCase> cases, CancellationToken cancellation)
    {
        var cells = new Mat[cases.Count];
        var gates = 0;
        await Task.Run(() => Parallel.For(0, cases.Count, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellation }, i =>
        {
            var street = cases[i];
            var view = SyntheticSource.Parse(street.Source).View((double)street.Frame.Width / street.Frame.Height);
            using var painter = new StreetPainter(street);
            using var picture = painter.Paint((long)(Math.Min(20, street.Seconds) * street.Frame.FramesPerSecond));
            StreetPainter.DrawGates(picture, view.Gates.Select(g => g.Gate));
            StreetPainter.Write(picture, $"{street.Name} {street.Light} {street.Trouble}", new Point(4, 12), new Scalar(255, 255, 255));
            cells[i] = new Mat(CellHeight, CellWidth, MatType.CV_8UC3, Scalar.Black);
            var scale = Math.Min((double)CellWidth / picture.Width, (double)CellHeight / picture.Height);
            using var small = picture.Resize(new Size((int)(picture.Width * scale), (int)(picture.Height * scale)), interpolation: InterpolationFlags.Area);
            small.CopyTo(cells[i][new Rect(0, 0, small.Width, small.Height)]);
            Interlocked.Add(ref gates, view.Gates.Count);
        }), cancellation);
        using var sheet = new Mat(CellHeight * ((cases.Count + Columns - 1) / Columns), CellWidth * Columns, MatType.CV_8UC3, Scalar.Black);
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i].CopyTo(sheet[new Rect(i % Columns * CellWidth, i / Columns * CellHeight, CellWidth, CellHeight)]);
            cells[i].Dispose();
        }

        Cv2.ImWrite(file, sheet);
        return new Figures().Add("views", cases.Count).Add("gates", gates);
    }
}
