using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Vision.Motion;

/// <summary>A connected blob of foreground: its box and how many of the box's pixels belong to it.</summary>
internal readonly record struct Blob(Box Box, float Pixels)
{
    public float Fill => Box.Area > 0 ? Pixels / Box.Area : 0;

    public Blob Join(in Blob other)
    {
        var box = Box.FromCorners(
            MathF.Min(Box.X, other.Box.X),
            MathF.Min(Box.Y, other.Box.Y),
            MathF.Max(Box.Right, other.Box.Right),
            MathF.Max(Box.Bottom, other.Box.Bottom));
        return new Blob(box, Pixels + other.Pixels);
    }
}
