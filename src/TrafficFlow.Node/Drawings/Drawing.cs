using System.Globalization;

namespace TrafficFlow.Node.Drawings;

/// <summary>A point of a drawing: pixels to the right and down.</summary>
internal readonly record struct DrawnPoint(double X, double Y)
{
    public static DrawnPoint operator +(DrawnPoint a, DrawnPoint b) => new(a.X + b.X, a.Y + b.Y);

    public static DrawnPoint operator -(DrawnPoint a, DrawnPoint b) => new(a.X - b.X, a.Y - b.Y);

    public static DrawnPoint operator *(double factor, DrawnPoint a) => new(factor * a.X, factor * a.Y);

    public double Dot(DrawnPoint other) => (X * other.X) + (Y * other.Y);

    /// <summary>To the right of who looks along this vector.</summary>
    public DrawnPoint Right => new(-Y, X);

    public double Length => Math.Sqrt(Dot(this));

    public DrawnPoint Unit => Length > 0 ? (1 / Length) * this : this;

    /// <summary>The generated text would tell the point to the right, and of that the one to its right, without end.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({X:0.#}, {Y:0.#})");
}

internal enum DrawnAnchor
{
    Start,
    Middle,
    End,
}

/// <summary>One part of a drawing.</summary>
/// <param name="Colour">#rrggbb.</param>
internal abstract record DrawnShape(string Colour);

/// <summary>A filled outline.</summary>
/// <param name="Opacity">0 to 1.</param>
internal sealed record DrawnArea(IReadOnlyList<DrawnPoint> Outline, string Colour, double Opacity = 1) : DrawnShape(Colour);

/// <summary>A line of text.</summary>
/// <param name="At">On its baseline.</param>
/// <param name="Size">Pixels.</param>
internal sealed record DrawnText(string Text, DrawnPoint At, double Size, DrawnAnchor Anchor, string Colour, bool IsBold = false) : DrawnShape(Colour);

/// <summary>A drawing that is written as SVG and as PNG alike.</summary>
/// <param name="Shapes">The later lie over the earlier.</param>
internal sealed record Drawing(int Width, int Height, IReadOnlyList<DrawnShape> Shapes);
