using System.Numerics;

namespace TrafficFlow.Synthetic.Vehicles;

/// <summary>One cut through an upright body: an ellipse at a height, metres.</summary>
internal readonly record struct Slice(float Z, float X, float HalfLong, float HalfWide);

/// <summary>The round parts of which bodies are made.</summary>
internal static class RoundShapes
{
    /// <summary>A limb: a tube from one place to another, closed at both ends.</summary>
    public static void Limb(this MeshBuilder mesh, Vector3 from, Vector3 to, float radiusFrom, float radiusTo, Surface surface, int sides = 5)
    {
        var along = Vector3.Normalize(to - from);
        var across = Vector3.Normalize(Vector3.Cross(along, MathF.Abs(along.Y) > 0.8f ? Vector3.UnitX : Vector3.UnitY));
        var up = Vector3.Cross(along, across);
        Vector3 P(Vector3 middle, float radius, int i)
        {
            var angle = i * MathF.Tau / sides;
            return middle + (radius * ((MathF.Cos(angle) * across) + (MathF.Sin(angle) * up)));
        }

        for (var i = 0; i < sides; i++)
        {
            mesh.Quad(P(from, radiusFrom, i), P(from, radiusFrom, i + 1), P(to, radiusTo, i + 1), P(to, radiusTo, i), surface);
            mesh.Triangle(to, P(to, radiusTo, i), P(to, radiusTo, i + 1), surface);
            mesh.Triangle(from, P(from, radiusFrom, i + 1), P(from, radiusFrom, i), surface);
        }
    }

    /// <summary>An upright body through its slices, lowest first, closed above and below.</summary>
    public static void Body(this MeshBuilder mesh, ReadOnlySpan<Slice> slices, Surface surface, int sides = 8)
    {
        for (var k = 0; k + 1 < slices.Length; k++)
        {
            for (var i = 0; i < sides; i++) mesh.Quad(P(slices[k], i), P(slices[k], i + 1), P(slices[k + 1], i + 1), P(slices[k + 1], i), surface);
        }

        var (low, high) = (slices[0], slices[^1]);
        for (var i = 0; i < sides; i++)
        {
            mesh.Triangle(new(high.X, 0, high.Z), P(high, i), P(high, i + 1), surface);
            mesh.Triangle(new(low.X, 0, low.Z), P(low, i + 1), P(low, i), surface);
        }

        Vector3 P(Slice s, int i)
        {
            var angle = i * MathF.Tau / sides;
            return new Vector3(s.X + (s.HalfLong * MathF.Cos(angle)), s.HalfWide * MathF.Sin(angle), s.Z);
        }
    }

    public static void Ball(this MeshBuilder mesh, Vector3 middle, Vector3 size, Surface surface, int around = 7, int up = 4)
    {
        Vector3 P(int i, int j)
        {
            var (a, b) = (i * MathF.Tau / around, ((float)j / up * MathF.PI) - (MathF.PI / 2));
            return middle + (size * new Vector3(MathF.Cos(b) * MathF.Cos(a), MathF.Cos(b) * MathF.Sin(a), MathF.Sin(b)));
        }

        for (var j = 0; j < up; j++)
        {
            for (var i = 0; i < around; i++) mesh.Quad(P(i, j), P(i + 1, j), P(i + 1, j + 1), P(i, j + 1), surface);
        }
    }
}
