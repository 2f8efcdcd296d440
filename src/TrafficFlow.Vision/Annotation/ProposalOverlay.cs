using OpenCvSharp;
using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Vision.Annotation;

/// <summary>Draws a proposal onto a shown picture: each stream's tracks, its gate with the arrow of its motion, and its name; doubtful gates are dashed.</summary>
public static class ProposalOverlay
{
    private const int LeastWidth = 1100;
    private const double DashPixels = 22;
    private const double DoubtScale = 0.45;
    private static readonly Scalar Doubt = new(80, 220, 255);
    private static readonly Scalar Ink = new(255, 255, 255);
    private static readonly Scalar Shade = new(30, 30, 30);
    private static readonly Scalar[] Colours =
    [
        new(80, 80, 255), new(90, 230, 90), new(255, 150, 80), new(70, 240, 250), new(250, 100, 240), new(240, 230, 70), new(50, 150, 255), new(255, 120, 170),
    ];

    /// <summary>Enlarges a small picture first, so that names can be read.</summary>
    public static void Draw(ShownPicture picture, SiteProposal proposal)
    {
        var zoom = (LeastWidth + picture.Width - 1) / picture.Width;
        picture.Enlarge(zoom);
        var pixels = picture.Pixels;
        for (var i = 0; i < proposal.Gates.Count; i++) DrawPaths(pixels, proposal.Gates[i].Stream, Colours[i % Colours.Length], zoom);
        for (var i = 0; i < proposal.Gates.Count; i++) DrawGate(pixels, proposal.Gates[i], Colours[i % Colours.Length]);
        var taken = new List<Rect>();
        for (var i = 0; i < proposal.Gates.Count; i++) DrawName(pixels, proposal.Gates[i], Colours[i % Colours.Length], taken);
    }

    private static void DrawPaths(Mat pixels, MotionStream stream, Scalar colour, int zoom)
    {
        foreach (var path in stream.Through.Select(m => m.Path))
        {
            for (var i = 1; i < path.Points.Count; i++)
            {
                var (a, b) = (path.Points[i - 1], path.Points[i]);
                Cv2.Line(pixels, (int)(a.X * zoom), (int)(a.Y * zoom), (int)(b.X * zoom), (int)(b.Y * zoom), colour, 1, LineTypes.AntiAlias);
            }
        }
    }

    private static void DrawGate(Mat pixels, ProposedGate proposed, Scalar colour)
    {
        var gate = proposed.Gate;
        var (from, to) = (At(pixels, gate.From.X, gate.From.Y), At(pixels, gate.To.X, gate.To.Y));
        foreach (var (a, b) in proposed.IsDoubtful ? Dashes(from, to) : [(from, to)]) Cv2.Line(pixels, a, b, Shade, 8, LineTypes.AntiAlias);
        foreach (var (a, b) in proposed.IsDoubtful ? Dashes(from, to) : [(from, to)]) Cv2.Line(pixels, a, b, colour, 4, LineTypes.AntiAlias);
        var (dx, dy) = ((double)(to.X - from.X), (double)(to.Y - from.Y));
        var length = Math.Max(1, Math.Sqrt((dx * dx) + (dy * dy)));
        var middle = new Point((from.X + to.X) / 2, (from.Y + to.Y) / 2);
        var tip = new Point(middle.X - (dy / length * 45), middle.Y + (dx / length * 45));
        Cv2.ArrowedLine(pixels, middle, tip, Shade, 8, LineTypes.AntiAlias, 0, 0.4);
        Cv2.ArrowedLine(pixels, middle, tip, colour, 4, LineTypes.AntiAlias, 0, 0.4);
    }

    private static IEnumerable<(Point From, Point To)> Dashes(Point from, Point to)
    {
        var (dx, dy) = ((double)(to.X - from.X), (double)(to.Y - from.Y));
        var dashes = Math.Max(2, (int)Math.Round(Math.Sqrt((dx * dx) + (dy * dy)) / DashPixels));
        // Both ends are drawn: one dash more than gaps.
        var step = 1.0 / ((2 * dashes) - 1);
        for (var i = 0; i < dashes; i++) yield return (Along(2 * i * step), Along(((2 * i) + 1) * step));

        Point Along(double share) => new((int)Math.Round(from.X + (share * dx)), (int)Math.Round(from.Y + (share * dy)));
    }

    /// <summary>Beside the gate's middle, moved down until it hides no other name.</summary>
    private static void DrawName(Mat pixels, ProposedGate proposed, Scalar colour, List<Rect> taken)
    {
        var gate = proposed.Gate;
        var meaning = gate.Forward is { } forward ? $"  {(forward.Role == GateRole.Enters ? "from" : "to")} {forward.Approach}" : "";
        var text = gate.Id.Value + meaning;
        var doubt = proposed.IsDoubtful ? $"? {proposed.DoubtsInWords}" : "";
        var size = Cv2.GetTextSize(text, HersheyFonts.HersheySimplex, 0.6, 1, out _);
        var doubtSize = proposed.IsDoubtful ? Cv2.GetTextSize(doubt, HersheyFonts.HersheySimplex, DoubtScale, 1, out _) : default;
        if (proposed.IsDoubtful) size = new Size(Math.Max(size.Width, doubtSize.Width), size.Height + doubtSize.Height + 9);
        var at = At(pixels, (gate.From.X + gate.To.X) / 2, (gate.From.Y + gate.To.Y) / 2);
        var box = new Rect(
            Math.Clamp(at.X + 14, 2, Math.Max(2, pixels.Cols - size.Width - 14)),
            Math.Clamp(at.Y - size.Height - 12, 2, Math.Max(2, pixels.Rows - size.Height - 14)),
            size.Width + 12,
            size.Height + 12);
        for (var tries = 0; tries < 40 && taken.Exists(t => (t & box).Width > 0); tries++) box.Y = (box.Y + box.Height + 3) % Math.Max(1, pixels.Rows - box.Height);
        taken.Add(box);
        Cv2.Rectangle(pixels, box, Shade, -1);
        Cv2.Rectangle(pixels, box, colour, 1);
        var below = proposed.IsDoubtful ? doubtSize.Height + 9 : 0;
        Cv2.PutText(pixels, text, new Point(box.X + 6, box.Y + size.Height - below + 6), HersheyFonts.HersheySimplex, 0.6, Ink, 1, LineTypes.AntiAlias);
        if (proposed.IsDoubtful) Cv2.PutText(pixels, doubt, new Point(box.X + 6, box.Y + size.Height + 6), HersheyFonts.HersheySimplex, DoubtScale, Doubt, 1, LineTypes.AntiAlias);
    }

    private static Point At(Mat pixels, double x, double y) => new((int)Math.Round(x * pixels.Cols), (int)Math.Round(y * pixels.Rows));
}
