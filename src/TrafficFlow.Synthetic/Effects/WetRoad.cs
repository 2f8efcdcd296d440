using OpenCvSharp;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.Synthetic.People;
using TrafficFlow.Synthetic.Vehicles;

namespace TrafficFlow.Synthetic.Effects;

/// <summary>The image of vehicles, their lamps and people in a wet road: upside down, faint, and drawn out downwards by the rough surface.</summary>
internal sealed class WetRoad : IDisposable
{
    /// <summary>Of the light that meets the road at the usual angle; water gives back a few percent more where the view is flat.</summary>
    private const double Mirrored = 0.28;

    private readonly Canvas _canvas;
    private readonly Mat _image;
    private readonly Mat _smeared;
    private readonly double _share;
    private readonly Size _smear;

    public WetRoad(ViewCamera camera, Lighting lighting, int width, int height)
    {
        // Nothing stands below the road: no depth of the street may hide the image.
        _canvas = new Canvas(width, height, new float[4 * width * height]);
        Painter = new VehiclePainter(camera, lighting, _canvas);
        PersonPainter = new PersonPainter(camera, lighting, _canvas);
        _image = new Mat(height, width, MatType.CV_8UC3);
        _smeared = new Mat(height, width, MatType.CV_8UC3);
        _share = Mirrored * lighting.Wetness;
        _smear = new Size(3, Math.Max(3, height / 24));
    }

    /// <summary>Paints into the image; vehicles must be painted mirrored.</summary>
    public VehiclePainter Painter { get; }

    /// <summary>Paints into the image; people must be painted mirrored.</summary>
    public PersonPainter PersonPainter { get; }

    /// <summary>Blends what was painted into a B G R picture and wipes the image.</summary>
    public unsafe void Apply(byte* picture)
    {
        using var road = Mat.FromPixelData(_image.Height, _image.Width, MatType.CV_8UC3, (nint)picture);
        road.CopyTo(_image);
        _canvas.MergeInto(_image.DataPointer);
        // The difference alone is smeared, so that the dry parts of the picture stay sharp.
        Cv2.AddWeighted(_image, 0.5, road, -0.5, 128, _image);
        Cv2.Blur(_image, _smeared, _smear);
        Cv2.AddWeighted(road, 1, _smeared, 2 * _share, -256 * _share, road);
    }

    public void Dispose()
    {
        _image.Dispose();
        _smeared.Dispose();
    }
}
