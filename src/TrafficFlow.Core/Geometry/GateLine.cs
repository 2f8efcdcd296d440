using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Geometry;

/// <summary>A gate laid into a frame of a certain size: signed distance from it, and place along it. Lengths in pixels.</summary>
public readonly record struct GateLine
{
    private readonly double _fromX;
    private readonly double _fromY;
    private readonly double _alongX;
    private readonly double _alongY;

    public GateLine(Gate gate, int width, int height)
    {
        _fromX = gate.From.X * width;
        _fromY = gate.From.Y * height;
        var (dx, dy) = ((gate.To.X * width) - _fromX, (gate.To.Y * height) - _fromY);
        Length = Math.Sqrt((dx * dx) + (dy * dy));
        (_alongX, _alongY) = (dx / Length, dy / Length);
    }

    public double Length { get; }

    /// <summary>Distance from the line; positive on the side that forward crossings lead to.</summary>
    public double Side(double x, double y) => (_alongX * (y - _fromY)) - (_alongY * (x - _fromX));

    /// <summary>How far along the gate the foot of the point lies: 0 at its start, <see cref="Length"/> at its end.</summary>
    public double Along(double x, double y) => (_alongX * (x - _fromX)) + (_alongY * (y - _fromY));
}
