using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using Found = TrafficFlow.Core.Detection.Detection;

namespace TrafficFlow.Core.Tests.Support;

/// <summary>A vehicle as it truly is: a block on the ground. Metres, metres per second, degrees clockwise from north.</summary>
internal readonly record struct Block(double X, double Y, double Heading, double Speed, double Length = 4.4, double Width = 1.75, double Height = 1.6);

/// <summary>A camera on a mast that looks north over flat ground, with the ground plane that fits it exactly.</summary>
internal sealed class StreetCamera
{
    private readonly double _height;
    private readonly double _sin;
    private readonly double _cos;
    private readonly double _focal;
    private readonly double _east;
    private readonly double _north;

    /// <param name="downDegrees">How far below the horizon the middle of the picture lies.</param>
    /// <param name="east">Where the mast stands; as large as map coordinates are, if wished.</param>
    public StreetCamera(double height = 10, double downDegrees = 25, double focalPixels = 480, double east = 0, double north = 0)
    {
        (_height, _focal, _east, _north) = (height, focalPixels, east, north);
        (_sin, _cos) = Math.SinCos(downDegrees * Math.PI / 180);
    }

    /// <summary>Picture fractions -> metres, by three lines of algebra from the pose.</summary>
    public GroundPlane Plane(double errorMetres = 0.05)
    {
        var (w, h) = ((double)Film.Width, (double)Film.Height);
        // Of a point (x, y) from the mast: depth, right and down.
        double[] depth = [0, _cos, _height * _sin];
        double[] right = [1, 0, 0];
        double[] down = [0, -_sin, _height * _cos];
        double[] u = [.. Enumerable.Range(0, 3).Select(i => (depth[i] / 2) + (_focal / w * right[i]))];
        double[] v = [.. Enumerable.Range(0, 3).Select(i => (depth[i] / 2) + (_focal / h * down[i]))];
        foreach (var row in (double[][])[u, v, depth]) row[2] -= (row[0] * _east) + (row[1] * _north);
        return new GroundPlane(new Homography(u[0], u[1], u[2], v[0], v[1], v[2], depth[0], depth[1], depth[2]).Inverse(), errorMetres, "test");
    }

    public CameraSetup Setup(double framesPerSecond, params Gate[] gates) => Film.Camera(framesPerSecond, gates) with { Plane = Plane() };

    /// <summary>In pixels.</summary>
    public (double X, double Y) Project(double x, double y, double up)
    {
        var (dx, dy, dz) = (x - _east, y - _north, up - _height);
        var depth = (dy * _cos) - (dz * _sin);
        return ((Film.Width / 2.0) + (_focal * dx / depth), (Film.Height / 2.0) + (_focal * ((-dy * _sin) - (dz * _cos)) / depth));
    }

    /// <summary>A gate between two places on the ground, metres.</summary>
    public Gate Gate(string id, double fromX, double fromY, double toX, double toY)
    {
        var (from, to) = (Project(fromX, fromY, 0), Project(toX, toY, 0));
        return Film.Gate(id, from.X, from.Y, to.X, to.Y);
    }

    /// <summary>The box around a block, each side off by Gaussian noise, clipped to the picture; null when too little of it is in the picture.</summary>
    public Found? See(in Block v, VehicleClass vehicleClass, Random? random = null, double noisePixels = 0)
    {
        var heading = (90 - v.Heading) * Math.PI / 180;
        var (sin, cos) = Math.SinCos(heading);
        var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (var i = 0; i < 8; i++)
        {
            var (along, across) = (v.Length / 2 * ((i & 1) == 0 ? 1 : -1), v.Width / 2 * ((i & 2) == 0 ? 1 : -1));
            var up = (i & 4) == 0 ? 0 : v.Height;
            // Roofs are smaller than the ground that a vehicle covers.
            if (up > 0) (along, across) = (0.9 * along, 0.86 * across);
            var (x, y) = Project(v.X + (along * cos) - (across * sin), v.Y + (along * sin) + (across * cos), up);
            (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
        }

        var box = Box.FromCorners((float)(left + Noise()), (float)(top + Noise()), (float)(right + Noise()), (float)(bottom + Noise())).ClipTo(Film.Width, Film.Height);
        return box.Width > 10 && box.Height > 10 ? new Found(box, 0.9f, vehicleClass) : null;

        double Noise() => random is null ? 0 : noisePixels * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
