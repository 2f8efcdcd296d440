using System.Globalization;
using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using TrafficFlow.SystemTests.Accuracy.Streets;

namespace TrafficFlow.Benchmarks.Streets;

/// <summary>
/// What went wrong, to be looked at: for each missed and each extra crossing a strip of pictures around it. Thin white boxes are detections
/// with their scores, coloured ones tracks with their numbers, grey where the track was not seen.
/// </summary>
internal static class StreetStrips
{
    private const int Most = 12;
    private static readonly double[] s_moments = [-2, -1, -0.4, 0, 0.4, 1, 2, 4];

    public static async Task WriteAsync(string folder, StreetScore score, CancellationToken cancellation)
    {
        var film = score.Film;
        var wrong = score.Missed.Select(m => (Name: "missed", m.Gate, m.Direction, Seconds: m.TimeSeconds, What: $"{m.Class}"))
            .Concat(score.Extra.Select(e => (Name: "extra", e.Gate, e.Direction, Seconds: StreetScore.Seconds(e), What: $"track {e.Track} {e.Class}")))
            .OrderBy(w => w.Seconds).Take(Most).ToList();
        if (wrong.Count == 0) return;
        Directory.CreateDirectory(folder);
        var rate = film.Case.Frame.FramesPerSecond;
        var frames = wrong.Select(w => s_moments.Select(m => (int)Math.Clamp(Math.Round((w.Seconds + m) * rate), 0, film.Found.Frames.Count - 1)).Distinct().ToList()).ToList();
        var needed = frames.SelectMany(f => f).ToHashSet();
        var tracks = new Dictionary<int, List<TrackView>>();
        _ = StreetScore.Of(film, film.Found.Scores, (i, output) =>
        {
            if (needed.Contains(i)) tracks[i] = [.. output.Tracks];
        });
        var painted = await Task.Run(() => Paint(film, needed.Order(), tracks), cancellation);
        for (var i = 0; i < wrong.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{film.Case.Name}-{wrong[i].Seconds:000.0}-{wrong[i].Name}-{wrong[i].Gate}.png");
            WriteStrip(Path.Combine(folder, name), film, wrong[i].Gate, frames[i], painted, $"{wrong[i].Name} {wrong[i].Direction} {wrong[i].What}");
        }

        foreach (var mat in painted.Values) mat.Dispose();
    }

    private static Dictionary<int, Mat> Paint(StreetFilm film, IEnumerable<int> frames, Dictionary<int, List<TrackView>> tracks)
    {
        using var painter = new StreetPainter(film.Case);
        var painted = new Dictionary<int, Mat>();
        foreach (var i in frames)
        {
            var picture = painter.Paint(i);
            // Twice the size, so that what is drawn does not hide what is small.
            var large = picture.Resize(new Size(), 2, 2, InterpolationFlags.Cubic);
            picture.Dispose();
            foreach (var d in film.Found.Frames[i].Detections)
            {
                Cv2.Rectangle(large, RectOf(d.Box), new Scalar(255, 255, 255), 1);
                StreetPainter.Write(large, $"{100 * d.Score:0}{(d.Kind == DetectedKind.Vehicle ? "" : "p")}", new Point((int)(2 * d.Box.Right) - 16, (int)(2 * d.Box.Y) + 10), new Scalar(255, 255, 255));
            }

            foreach (var track in tracks.GetValueOrDefault(i) ?? [])
            {
                var colour = track.IsSeen ? new Scalar(80, 255, 80) : new Scalar(160, 160, 160);
                Cv2.Rectangle(large, RectOf(track.Box), colour, 2, LineTypes.AntiAlias);
                StreetPainter.Write(large, $"{track.Number}", new Point((int)(2 * track.Box.X), (int)(2 * track.Box.Y) - 3), colour);
            }

            StreetPainter.DrawGates(large, film.Camera.Gates);
            painted[i] = large;
        }

        return painted;

        static Rect RectOf(in Box box) => new((int)(2 * box.X), (int)(2 * box.Y), (int)(2 * box.Width), (int)(2 * box.Height));
    }

    private static void WriteStrip(string file, StreetFilm film, GateId gateId, List<int> frames, Dictionary<int, Mat> painted, string title)
    {
        var gate = film.Camera.Gates.First(g => g.Id == gateId);
        var (width, height) = (2 * film.Case.Frame.Width, 2 * film.Case.Frame.Height);
        // The surroundings of the gate: three times its length, at least a third of the picture.
        var reach = Math.Max(0.33 * width, 1.6 * Math.Sqrt(Math.Pow((gate.To.X - gate.From.X) * width, 2) + Math.Pow((gate.To.Y - gate.From.Y) * height, 2)));
        var size = new Size((int)Math.Min(width, reach), (int)Math.Min(height, 0.8 * reach));
        var corner = new Point(
            (int)Math.Clamp(((gate.From.X + gate.To.X) / 2 * width) - (size.Width / 2.0), 0, width - size.Width),
            (int)Math.Clamp(((gate.From.Y + gate.To.Y) / 2 * height) - (size.Height / 2.0), 0, height - size.Height));
        const int Columns = 4;
        using var strip = new Mat(size.Height * ((frames.Count + Columns - 1) / Columns), size.Width * Columns, MatType.CV_8UC3, Scalar.Black);
        for (var i = 0; i < frames.Count; i++)
        {
            using var cell = painted[frames[i]][new Rect(corner, size)].Clone();
            StreetPainter.Write(cell, string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? title + ", " : "")}{frames[i] / film.Case.Frame.FramesPerSecond:0.00} s"), new Point(4, 12), new Scalar(255, 255, 255));
            cell.CopyTo(strip[new Rect(i % Columns * size.Width, i / Columns * size.Height, size.Width, size.Height)]);
        }

        Cv2.ImWrite(file, strip);
    }
}
