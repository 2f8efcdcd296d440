using System.Numerics;

namespace TrafficFlow.Synthetic.Vehicles;

/// <summary>A vehicle's hull as triangles: x forwards from its middle, y to its left, z up from the road, in metres.</summary>
internal sealed record Mesh(Vector3[] Places, Vector3[] Normals, Surface[] Surfaces, int[] Triangles);

/// <summary>Collects faces and gives them normals: smooth over rounded places, hard at edges and where the material changes.</summary>
internal sealed class MeshBuilder
{
    private const float HardEdge = 0.72f;
    private readonly List<(Vector3 A, Vector3 B, Vector3 C, Surface Surface)> _faces = [];

    /// <summary>Corners anticlockwise as seen from outside.</summary>
    public void Quad(Vector3 a, Vector3 b, Vector3 c, Vector3 d, Surface surface)
    {
        Triangle(a, b, c, surface);
        Triangle(a, c, d, surface);
    }

    public void Triangle(Vector3 a, Vector3 b, Vector3 c, Surface surface)
    {
        if (Vector3.Cross(b - a, c - a).LengthSquared() > 1e-10f) _faces.Add((a, b, c, surface));
    }

    public void Box(float x0, float x1, float halfWidth, float z0, float z1, Surface surface) =>
        Box(new Vector3(x0, -halfWidth, z0), new Vector3(x1, halfWidth, z1), surface);

    public void Box(Vector3 low, Vector3 high, Surface surface)
    {
        Vector3 P(int i) => new((i & 1) == 0 ? low.X : high.X, (i & 2) == 0 ? low.Y : high.Y, (i & 4) == 0 ? low.Z : high.Z);
        Quad(P(1), P(3), P(7), P(5), surface);
        Quad(P(0), P(4), P(6), P(2), surface);
        Quad(P(2), P(6), P(7), P(3), surface);
        Quad(P(0), P(1), P(5), P(4), surface);
        Quad(P(4), P(5), P(7), P(6), surface);
    }

    /// <summary>A flat plate facing forwards (+1) or backwards (-1).</summary>
    public void FacePlate(float x, int facing, float y0, float y1, float z0, float z1, Surface surface)
    {
        var (l, r) = facing > 0 ? (y0, y1) : (y1, y0);
        Quad(new(x, l, z0), new(x, r, z0), new(x, r, z1), new(x, l, z1), surface);
    }

    /// <summary>A flat plate on both sides at <paramref name="y"/> from the middle.</summary>
    public void SidePlates(float y, float x0, float x1, float z0, float z1, Surface surface)
    {
        Quad(new(x1, y, z0), new(x0, y, z0), new(x0, y, z1), new(x1, y, z1), surface);
        Quad(new(x0, -y, z0), new(x1, -y, z0), new(x1, -y, z1), new(x0, -y, z1), surface);
    }

    /// <summary>A wheel on both sides, its outer face at <paramref name="y"/>.</summary>
    public void Wheels(float x, float y, float radius, float width)
    {
        Wheel(x, y, radius, width, 1);
        Wheel(x, y, radius, width, -1);
    }

    /// <summary>The dark opening around a wheel, on both sides, round above and cut at the sill.</summary>
    public void Arches(float x, float y, float middle, float radius)
    {
        const int Corners = 8;
        for (var i = 0; i < Corners; i++)
        {
            var (a0, a1) = (i * MathF.PI / Corners, (i + 1) * MathF.PI / Corners);
            Vector3 P(float angle, float at) => new(x + (radius * MathF.Cos(angle)), at, middle + (radius * MathF.Sin(angle)));
            Triangle(new(x, y, middle), P(a1, y), P(a0, y), Surface.Black);
            Triangle(new(x, -y, middle), P(a0, -y), P(a1, -y), Surface.Black);
        }

        SidePlates(y, x - radius, x + radius, 0.2f, middle, Surface.Black);
    }

    public void Wheel(float x, float y, float radius, float width, int side)
    {
        const int Corners = 10;
        for (var i = 0; i < Corners; i++)
        {
            var (a0, a1) = (i * MathF.Tau / Corners, (i + 1) * MathF.Tau / Corners);
            Vector3 Rim(float angle, float r, float at) => new(x + (r * MathF.Cos(angle)), side * at, radius + (r * MathF.Sin(angle)));
            var hub = new Vector3(x, side * (y + 0.005f), radius);
            // The left wheel is the right one in a mirror, which turns its faces over.
            if (side < 0) (a0, a1) = (a1, a0);
            Quad(Rim(a0, radius * 0.62f, y), Rim(a1, radius * 0.62f, y), Rim(a1, radius, y), Rim(a0, radius, y), Surface.Black);
            Triangle(hub, Rim(a1, radius * 0.62f, y), Rim(a0, radius * 0.62f, y), Surface.Rim);
            Quad(Rim(a1, radius, y), Rim(a1, radius, y - width), Rim(a0, radius, y - width), Rim(a0, radius, y), Surface.Black);
        }
    }

    public Mesh Build()
    {
        var normals = new Dictionary<(int, int, int, Surface), List<Vector3>>();
        foreach (var (a, b, c, surface) in _faces)
        {
            var normal = Vector3.Cross(b - a, c - a);
            foreach (var p in (ReadOnlySpan<Vector3>)[a, b, c])
            {
                if (!normals.TryGetValue(Key(p, surface), out var list)) normals[Key(p, surface)] = list = [];
                list.Add(normal);
            }
        }

        var known = new Dictionary<(Vector3, Vector3, Surface), int>();
        var triangles = new List<int>();
        foreach (var (a, b, c, surface) in _faces)
        {
            var face = Vector3.Normalize(Vector3.Cross(b - a, c - a));
            foreach (var p in (ReadOnlySpan<Vector3>)[a, b, c])
            {
                var sum = Vector3.Zero;
                foreach (var other in normals[Key(p, surface)])
                {
                    if (Vector3.Dot(Vector3.Normalize(other), face) > HardEdge) sum += other;
                }

                var corner = (p, Vector3.Normalize(sum), surface);
                if (!known.TryGetValue(corner, out var index)) known[corner] = index = known.Count;
                triangles.Add(index);
            }
        }

        var corners = known.OrderBy(k => k.Value).Select(k => k.Key).ToArray();
        return new Mesh([.. corners.Select(c => c.Item1)], [.. corners.Select(c => c.Item2)], [.. corners.Select(c => c.Item3)], [.. triangles]);

        static (int, int, int, Surface) Key(Vector3 p, Surface surface) =>
            ((int)MathF.Round(p.X * 500), (int)MathF.Round(p.Y * 500), (int)MathF.Round(p.Z * 500), surface);
    }
}
