using OpenCvSharp;
using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Annotation;

/// <summary>Draws a proposal onto a shown picture: each stream's tracks, its gate with the arrow of its motion, and its name.</summary>
public static class ProposalOverlay
{
    private const int LeastWidth = 1100;
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
        for (var i = 0; i < proposal.Gates.Count; i++) DrawGate(pixels, proposal.Gates[i].Gate, Colours[i % Colours.Length]);
        var taken = new List<Rect>();
        for (var i = 0; i < proposal.Gates.Count; i++) DrawName(pixels, proposal.Gates[i].Gate, Colours[i % Colours.Length], taken);
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

    private static void DrawGate(Mat pixels, Gate gate, Scalar colour)
    {
        var (from, to) = (At(pixels, gate.From.X, gate.From.Y), At(pixels, gate.To.X, gate.To.Y));
        Cv2.Line(pixels, from, to, Shade, 8, LineTypes.AntiAlias);
        Cv2.Line(pixels, from, to, colour, 4, LineTypes.AntiAlias);
        var (dx, dy) = ((double)(to.X - from.X), (double)(to.Y - from.Y));
        var length = Math.Max(1, Math.Sqrt((dx * dx) + (dy * dy)));
        var middle = new Point((from.X + to.X) / 2, (from.Y + to.Y) / 2);
        var tip = new Point(middle.X - (dy / length * 45), middle.Y + (dx / length * 45));
        Cv2.ArrowedLine(pixels, middle, tip, Shade, 8, LineTypes.AntiAlias, 0, 0.4);
        Cv2.ArrowedLine(pixels, middle, tip, colour, 4, LineTypes.AntiAlias, 0, 0.4);
    }

    /// <summary>Beside the gate's middle, moved down until it hides no other name.</summary>
    private static void DrawName(Mat pixels, Gate gate, Scalar colour, List<Rect> taken)
    {
        var meaning = gate.Forward is { } forward ? $"  {(forward.Role == GateRole.Enters ? "from" : "to")} {forward.Approach}" : "";
        var text = gate.Id.Value + meaning;
        var size = Cv2.GetTextSize(text, HersheyFonts.HersheySimplex, 0.6, 1, out _);
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
        Cv2.PutText(pixels, text, new Point(box.X + 6, box.Y + size.Height + 6), HersheyFonts.HersheySimplex, 0.6, Ink, 1, LineTypes.AntiAlias);
    }

    private static Point At(Mat pixels, double x, double y) => new((int)Math.Round(x * pixels.Cols), (int)Math.Round(y * pixels.Rows));
}
