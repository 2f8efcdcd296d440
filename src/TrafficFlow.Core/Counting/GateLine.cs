using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Counting;

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

    /// <summary>How far a point can go from the line, square to it and away from it, before it leaves a picture of the given size.</summary>
    public double ToBorder(double x, double y, int width, int height)
    {
        var away = Side(x, y) < 0 ? -1 : 1;
        var (dx, dy) = (-_alongY * away, _alongX * away);
        // From the line on, not from the point.
        var distance = Math.Abs(Side(x, y));
        var (fromX, fromY) = (x - (dx * distance), y - (dy * distance));
        var across = Math.Abs(dx) < 1e-9 ? double.MaxValue : ((dx > 0 ? width : 0) - fromX) / dx;
        var up = Math.Abs(dy) < 1e-9 ? double.MaxValue : ((dy > 0 ? height : 0) - fromY) / dy;
        return Math.Max(0, Math.Min(across, up));
    }
}
