using OpenCvSharp;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Vision.Annotation;

/// <summary>Draws what is measured onto a shown picture: gates with their arrow and running counts, boxes, track numbers.</summary>
public sealed class CountOverlay
{
    private static readonly Scalar Ink = new(255, 255, 255);
    private static readonly Scalar Shade = new(30, 30, 30);
    private static readonly Scalar GateColour = new(0, 190, 255);
    private static readonly Scalar Lit = new(90, 255, 90);
    private static readonly Scalar[] TrackColours =
    [
        new(230, 160, 60), new(80, 200, 120), new(90, 120, 240), new(200, 110, 220), new(60, 210, 220), new(210, 200, 80), new(140, 140, 250),
    ];

    private readonly CameraSetup _camera;
    private readonly Dictionary<(GateId Gate, CrossingDirection Direction), int> _counts = [];
    private readonly Dictionary<GateId, DateTimeOffset> _litUntil = [];

    public CountOverlay(CameraSetup camera) => _camera = camera;

    /// <summary>Adds a crossing to the running counts.</summary>
    public void Add(Crossing crossing)
    {
        var way = (crossing.Gate, crossing.Direction);
        _counts[way] = _counts.GetValueOrDefault(way) + 1;
        _litUntil[crossing.Gate] = crossing.Time + TimeSpan.FromSeconds(0.4);
    }

    /// <param name="now">Event time of the frame: a gate lights up for a moment when it is crossed.</param>
    public void Draw(ShownPicture picture, IReadOnlyList<TrackView> tracks, DateTimeOffset now)
    {
        var scale = Math.Max(0.35, picture.Height / 900.0);
        foreach (var track in tracks) DrawTrack(picture.Pixels, track, scale);
        foreach (var gate in _camera.Gates) DrawGate(picture, gate, now < _litUntil.GetValueOrDefault(gate.Id), scale);
    }

    private static void DrawTrack(Mat pixels, in TrackView track, double scale)
    {
        var box = track.Box;
        var colour = TrackColours[track.Number % TrackColours.Length];
        var at = new Rect((int)box.X, (int)box.Y, (int)box.Width, (int)box.Height);
        Cv2.Rectangle(pixels, at, colour, track.IsSeen ? 2 : 1, LineTypes.AntiAlias);
        Write(pixels, $"{track.Number}", new Point(at.X + 3, at.Y - 4 < 10 ? at.Y + 14 : at.Y - 4), colour, scale);
    }

    private void DrawGate(ShownPicture picture, Gate gate, bool lit, double scale)
    {
        var pixels = picture.Pixels;
        var colour = lit ? Lit : GateColour;
        var (from, to) = (At(gate.From), At(gate.To));
        Cv2.Line(pixels, from, to, colour, lit ? 3 : 2, LineTypes.AntiAlias);

        // The arrow shows which way forward is.
        var (dx, dy) = ((double)(to.X - from.X), (double)(to.Y - from.Y));
        var length = Math.Max(1, Math.Sqrt((dx * dx) + (dy * dy)));
        var middle = new Point((from.X + to.X) / 2, (from.Y + to.Y) / 2);
        var reach = Math.Clamp(length * 0.2, 10, 26);
        Cv2.ArrowedLine(pixels, middle, new Point(middle.X - (dy / length * reach), middle.Y + (dx / length * reach)), colour, 2, LineTypes.AntiAlias, 0, 0.4);

        var forward = _counts.GetValueOrDefault((gate.Id, CrossingDirection.Forward));
        var backward = _counts.GetValueOrDefault((gate.Id, CrossingDirection.Backward));
        var text = backward > 0 ? $"{gate.Id} {forward} / {backward}" : $"{gate.Id} {forward}";
        var size = Cv2.GetTextSize(text, HersheyFonts.HersheySimplex, scale * 1.3, 1, out _);
        var corner = new Point(Math.Clamp(from.X, 2, Math.Max(2, picture.Width - size.Width - 4)), Math.Clamp(from.Y - 6, size.Height + 4, picture.Height - 4));
        Cv2.Rectangle(pixels, new Rect(corner.X - 3, corner.Y - size.Height - 3, size.Width + 6, size.Height + 7), Shade, -1);
        Cv2.PutText(pixels, text, corner, HersheyFonts.HersheySimplex, scale * 1.3, lit ? Lit : Ink, 1, LineTypes.AntiAlias);

        Point At(PicturePoint p) => new((int)Math.Round(p.X * picture.Width), (int)Math.Round(p.Y * picture.Height));
    }

    private static void Write(Mat pixels, string text, Point at, Scalar colour, double scale)
    {
        Cv2.PutText(pixels, text, at, HersheyFonts.HersheySimplex, scale, Shade, 3, LineTypes.AntiAlias);
        Cv2.PutText(pixels, text, at, HersheyFonts.HersheySimplex, scale, colour, 1, LineTypes.AntiAlias);
    }
}
