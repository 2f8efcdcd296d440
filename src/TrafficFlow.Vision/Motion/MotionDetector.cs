using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Motion;

/// <summary>
/// Finds vehicles as what differs from an adaptive background (OpenCV's mixture of Gaussians, with its shadow test). It needs no weights
/// and knows no classes. It runs only where a camera or a command names it (`motion`); the default is the network `vehicles`.
/// </summary>
public sealed class MotionDetector : IVehicleDetector, ILearnsBackground
{
    private const byte Foreground = 255;
    private const byte Shadow = 127;
    private const int TextureEvery = 10;

    private readonly MotionSettings _settings;
    private readonly FrameFormat _format;
    private readonly BackgroundSubtractorMOG2 _background;
    private readonly Mat _small;
    private readonly Mat _mask = new();
    private readonly Mat _grey = new();
    private readonly Mat _edges = new();
    private readonly Mat _backgroundEdges = new();
    private readonly Mat _dark = new();
    private readonly Mat _labels = new();
    private readonly Mat _stats = new();
    private readonly Mat _centres = new();
    private readonly Mat _open;
    private readonly Mat _close;
    private readonly BlobSorter _sorter;
    private readonly List<Blob> _blobs = [];
    private readonly float _scale;
    private double _learnedSeconds;
    private long _looks;
    private DateTimeOffset? _last;

    public MotionDetector(FrameFormat format, MotionSettings settings)
    {
        _settings = settings;
        _format = format;
        var width = Math.Min(settings.WorkingWidth, format.Width);
        _scale = (float)format.Width / width;
        var height = Math.Max(1, (int)MathF.Round(format.Height / _scale));
        _small = new Mat(height, width, MatType.CV_8UC3);
        _background = BackgroundSubtractorMOG2.Create(500, settings.VarianceThreshold, detectShadows: true);
        _background.ShadowThreshold = settings.ShadowDarkness;
        _open = Cv2.GetStructuringElement(MorphShapes.Ellipse, new Size(3, 3));
        _close = Cv2.GetStructuringElement(MorphShapes.Ellipse, new Size(5, 7));
        _sorter = new BlobSorter(settings, width, height);
    }

    public DetectorIdentity Identity { get; } = new("motion", "motion-1", new ScoreBands(0.2f, 0.5f, 0.5f) { AreBlobs = true }, KnowsPersons: false);

    public void Detect(AnonymizedFrame frame, List<Detection> detections)
    {
        if ((frame.Width, frame.Height) != (_format.Width, _format.Height))
            throw new ArgumentException($"a frame of {frame.Width}x{frame.Height} came, the detector is made for {_format.Width}x{_format.Height}", nameof(frame));
        detections.Clear();
        Shrink(frame);
        Subtract(SecondsSinceLast(frame.EventTime));
        TakeShadowsOut();
        if (Cv2.CountNonZero(_mask) > _settings.MostForeground * _mask.Total()) return;

        Cv2.MorphologyEx(_mask, _mask, MorphTypes.Open, _open);
        Cv2.MorphologyEx(_mask, _mask, MorphTypes.Close, _close);
        ReadBlobs();
        _sorter.Sort(_blobs);
        foreach (var blob in _blobs) detections.Add(new Detection(ToFrame(blob.Box), Score(blob), VehicleClass.Unclassified));
    }

    /// <summary>Where frames are dropped, or passed over to spare work, each one that is seen teaches for those that are not.</summary>
    private double SecondsSinceLast(DateTimeOffset time)
    {
        const double MostSeconds = 2;
        var (period, since) = (1 / _format.FramesPerSecond, (time - _last)?.TotalSeconds);
        _last = time;
        return since > 1.5 * period ? Math.Min(since.Value, MostSeconds) : period;
    }

    /// <inheritdoc/>
    public void Learn(AnonymizedFrame frame, double seconds)
    {
        Shrink(frame);
        Subtract(seconds);
    }

    public void Dispose()
    {
        _background.Dispose();
        foreach (var mat in new[] { _small, _mask, _labels, _stats, _centres, _open, _close, _grey, _edges, _backgroundEdges, _dark }) mat.Dispose();
    }

    private void Shrink(AnonymizedFrame frame)
    {
        using var picture = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address);
        Cv2.Resize(picture, _small, _small.Size(), 0, 0, InterpolationFlags.Area);
    }

    /// <summary>
    /// Learns quickly while the background is young, so that vehicles of the first pictures do not leave ghosts, and slowly later, so that
    /// a queue does not melt into the road.
    /// </summary>
    private void Subtract(double seconds)
    {
        _learnedSeconds += seconds;
        _background.Apply(_small, _mask, seconds / Math.Min(_learnedSeconds, _settings.BackgroundSeconds));
    }

    /// <summary>Leaves only vehicles in the mask: sure foreground, and of the shadows what has edges that the road has not.</summary>
    private void TakeShadowsOut()
    {
        if (_looks++ % TextureEvery == 0)
        {
            using var road = new Mat();
            _background.GetBackgroundImage(road);
            Edges(road, _backgroundEdges);
        }

        Edges(_small, _edges);
        Cv2.Absdiff(_edges, _backgroundEdges, _edges);
        Cv2.Threshold(_edges, _edges, _settings.ShadowTexture, Foreground, ThresholdTypes.Binary);
        Cv2.InRange(_mask, Shadow, Shadow, _dark);
        Cv2.BitwiseAnd(_dark, _edges, _dark);
        Cv2.Threshold(_mask, _mask, Foreground - 1, Foreground, ThresholdTypes.Binary);
        Cv2.BitwiseOr(_mask, _dark, _mask);
    }

    private void Edges(Mat picture, Mat edges)
    {
        Cv2.CvtColor(picture, _grey, ColorConversionCodes.BGR2GRAY);
        Cv2.MorphologyEx(_grey, edges, MorphTypes.Gradient, _open);
    }

    private void ReadBlobs()
    {
        _blobs.Clear();
        var count = Cv2.ConnectedComponentsWithStats(_mask, _labels, _stats, _centres);
        for (var label = 1; label < count; label++)
        {
            var box = new Box(
                _stats.At<int>(label, (int)ConnectedComponentsTypes.Left),
                _stats.At<int>(label, (int)ConnectedComponentsTypes.Top),
                _stats.At<int>(label, (int)ConnectedComponentsTypes.Width),
                _stats.At<int>(label, (int)ConnectedComponentsTypes.Height));
            _blobs.Add(new Blob(box, _stats.At<int>(label, (int)ConnectedComponentsTypes.Area)));
        }
    }

    private float Score(in Blob blob) => Math.Clamp(0.4f + (0.6f * blob.Fill), 0, 1);

    private Box ToFrame(in Box box) => new(box.X * _scale, box.Y * _scale, box.Width * _scale, box.Height * _scale);
}
