namespace TrafficFlow.Core.Geometry;

/// <summary>A position in a picture as fractions of its width and height: x to the right, y down, both 0..1 inside the picture.</summary>
public readonly record struct PicturePoint(double X, double Y)
{
    public bool IsInside => X is >= 0 and <= 1 && Y is >= 0 and <= 1;
}
