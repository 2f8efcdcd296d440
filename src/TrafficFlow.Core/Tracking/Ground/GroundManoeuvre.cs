using System.Runtime.CompilerServices;

namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>
/// A short stretch of a vehicle's way, around time zero: place, heading and speed there, acceleration and its change, curvature and its
/// change with the way. Eleven unknowns with length, width and height. Metres, seconds, radians from east towards north.
/// </summary>
[InlineArray(Unknowns)]
internal struct GroundManoeuvre
{
    public const int Unknowns = 11;
    public const int X = 0;
    public const int Y = 1;
    public const int Heading = 2;
    public const int Speed = 3;
    public const int Acceleration = 4;
    public const int Jerk = 5;
    public const int Curvature = 6;
    public const int Bending = 7;
    public const int Length = 8;
    public const int Width = 9;
    public const int Height = 10;

    private const double StepSeconds = 0.1;

    private double _first;

    /// <summary>Where the vehicle is at a time before or after, and how far along its way. It may stop, but does not roll back.</summary>
    public readonly (double X, double Y, double Heading) At(double time)
    {
        var way = WayTo(time);
        // Gauss-Legendre with four points: exact to a millimetre for any bend that a road has.
        var (x, y) = (this[X], this[Y]);
        foreach (var (at, weight) in (ReadOnlySpan<(double, double)>)[(0.0694318442, 0.1739274226), (0.3300094782, 0.3260725774), (0.6699905218, 0.3260725774), (0.9305681558, 0.1739274226)])
        {
            var (sin, cos) = Math.SinCos(HeadingAt(at * way));
            x += weight * way * cos;
            y += weight * way * sin;
        }

        return (x, y, HeadingAt(way));
    }

    private readonly double HeadingAt(double way) => this[Heading] + (this[Curvature] * way) + (this[Bending] * way * way / 2);

    private readonly double WayTo(double time)
    {
        var steps = Math.Max(1, (int)Math.Ceiling(Math.Abs(time) / StepSeconds));
        var step = time / steps;
        var (way, speed) = (0.0, Math.Max(0, this[Speed]));
        for (var i = 1; i <= steps; i++)
        {
            // Simpson's rule, which is exact while the speed stays above zero.
            var (middle, next) = (SpeedAt((i - 0.5) * step), SpeedAt(i * step));
            way += (speed + (4 * middle) + next) * step / 6;
            speed = next;
        }

        return way;
    }

    private readonly double SpeedAt(double time) =>
        Math.Max(0, this[Speed] + (time * (this[Acceleration] + (time * this[Jerk] / 2))));
}
