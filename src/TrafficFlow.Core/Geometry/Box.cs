namespace TrafficFlow.Core.Geometry;

/// <summary>An upright rectangle in pixels of the frame it was found in: top left corner, width and height.</summary>
public readonly record struct Box(float X, float Y, float Width, float Height)
{
    public float Right => X + Width;
    public float Bottom => Y + Height;
    public float CenterX => X + (Width / 2);
    public float CenterY => Y + (Height / 2);
    public float Area => Width * Height;

    public static Box FromCorners(float left, float top, float right, float bottom) => new(left, top, right - left, bottom - top);

    /// <summary>The part of the box that lies inside a picture of the given size; zero-sized when none does.</summary>
    public Box ClipTo(int width, int height)
    {
        var left = Math.Clamp(X, 0, width);
        var top = Math.Clamp(Y, 0, height);
        return FromCorners(left, top, Math.Clamp(Right, left, width), Math.Clamp(Bottom, top, height));
    }

    public float IntersectionWith(in Box other)
    {
        var w = MathF.Min(Right, other.Right) - MathF.Max(X, other.X);
        var h = MathF.Min(Bottom, other.Bottom) - MathF.Max(Y, other.Y);
        return w > 0 && h > 0 ? w * h : 0;
    }

    /// <summary>Intersection over union, 0..1; 0 for two empty boxes.</summary>
    public float IntersectionOverUnion(in Box other)
    {
        var intersection = IntersectionWith(other);
        var union = Area + other.Area - intersection;
        return union > 0 ? intersection / union : 0;
    }
}
