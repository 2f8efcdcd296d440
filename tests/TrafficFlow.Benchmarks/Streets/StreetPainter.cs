using System.Runtime.InteropServices;
using OpenCvSharp;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Accuracy.Streets;

namespace TrafficFlow.Benchmarks.Streets;

/// <summary>Paints single pictures of a film, in order of time, with what is to be looked at drawn in.</summary>
internal sealed class StreetPainter : IDisposable
{
    private readonly FrameFormat _frame;
    private readonly JunctionSimulation _traffic;
    private readonly JunctionPicture _picture;
    private readonly TimeSpan _start;

    public StreetPainter(StreetCase street)
    {
        _frame = street.Frame;
        var source = SyntheticSource.Parse(street.Source);
        var view = source.View((double)_frame.Width / _frame.Height);
        _traffic = new JunctionSimulation(source.Traffic);
        _picture = new JunctionPicture(view.Camera, _frame.Width, _frame.Height, view.Light(source.Lighting), source.Seed * 4);
        _start = source.TrafficStart;
    }

    /// <summary>The caller disposes it.</summary>
    public Mat Paint(long index)
    {
        _traffic.AdvanceTo(_start + TimeSpan.FromSeconds(index / _frame.FramesPerSecond));
        var pixels = new byte[_frame.ByteCount];
        _picture.Paint(_traffic, index, pixels);
        var mat = new Mat(_frame.Height, _frame.Width, MatType.CV_8UC3);
        Marshal.Copy(pixels, 0, mat.Data, pixels.Length);
        return mat;
    }

    public static void DrawGates(Mat picture, IEnumerable<Gate> gates)
    {
        foreach (var gate in gates)
        {
            var (from, to) = (At(gate.From.X, gate.From.Y), At(gate.To.X, gate.To.Y));
            Cv2.Line(picture, from, to, new Scalar(0, 190, 255), 1, LineTypes.AntiAlias);
            // Forward is to the right of the way from its start to its end, as the picture's y points down.
            var (dx, dy) = (to.X - from.X, to.Y - from.Y);
            var length = Math.Max(1, Math.Sqrt((dx * dx) + (dy * dy)));
            var middle = new Point((from.X + to.X) / 2, (from.Y + to.Y) / 2);
            Cv2.ArrowedLine(picture, middle, new Point(middle.X - (dy / length * 16), middle.Y + (dx / length * 16)), new Scalar(0, 190, 255), 1, LineTypes.AntiAlias, 0, 0.4);
            Write(picture, gate.Id.Value, new Point(Math.Clamp(middle.X + 3, 0, picture.Width - 60), Math.Clamp(middle.Y - 3, 10, picture.Height - 4)), new Scalar(0, 190, 255));
        }

        Point At(double x, double y) => new((int)Math.Round(x * picture.Width), (int)Math.Round(y * picture.Height));
    }

    public static void Write(Mat picture, string text, Point at, Scalar colour)
    {
        Cv2.PutText(picture, text, at, HersheyFonts.HersheySimplex, 0.38, new Scalar(20, 20, 20), 3, LineTypes.AntiAlias);
        Cv2.PutText(picture, text, at, HersheyFonts.HersheySimplex, 0.38, colour, 1, LineTypes.AntiAlias);
    }

    public void Dispose() => _picture.Dispose();
}
