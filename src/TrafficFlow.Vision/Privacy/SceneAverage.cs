using OpenCvSharp;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;

namespace TrafficFlow.Vision.Privacy;

/// <summary>
/// The mean of many frames of a fixed camera: the road without what moves on it. Each frame is coarsened before it is added, for what stands
/// long does not vanish in a mean, and in a mean of few frames nothing does. Not to be shown as it is: <see cref="ShownPicture"/>.
/// </summary>
public sealed class SceneAverage : IDisposable
{
    private readonly Mat _sum = new();
    private readonly ShownPicture _coarsened = new();
    private readonly StandingPlaces _places = new();
    private int _frames;

    /// <summary>Where something stood: frames in which it was missed are in the mean too.</summary>
    internal IReadOnlyCollection<PrivateArea> Places => _places.Of(_frames);

    /// <summary>Nobody could tell who was in one of the frames.</summary>
    internal bool IsWhole { get; private set; }

    /// <summary>The caller keeps the frame.</summary>
    /// <param name="areas">Of this frame.</param>
    public void Add(AnonymizedFrame frame, PictureAreas areas)
    {
        _coarsened.Show(frame, areas);
        var picture = _coarsened.Pixels;
        if (_frames == 0) _sum.Create(picture.Size(), MatType.CV_64FC3);
        if (_frames == 0) _sum.SetTo(Scalar.All(0));
        using var everywhere = new Mat();
        Cv2.Accumulate(picture, _sum, everywhere);
        foreach (var area in areas.Areas) _places.Add(area, _frames);
        IsWhole |= areas.IsWhole;
        _frames++;
    }

    /// <exception cref="InvalidOperationException">No frame was added.</exception>
    internal void CopyTo(Mat picture)
    {
        if (_frames == 0) throw new InvalidOperationException("no frame was added");
        _sum.ConvertTo(picture, MatType.CV_8UC3, 1.0 / _frames);
    }

    public void Dispose()
    {
        _sum.Dispose();
        _coarsened.Dispose();
    }
}
