using System.Numerics;

namespace TrafficFlow.Synthetic.Vehicles;

/// <summary>What of one colour lies in a canvas, in samples.</summary>
internal record struct Silhouette(int Samples, int Left, int Top, int Right, int Bottom)
{
    public static readonly Silhouette None = new(0, int.MaxValue, int.MaxValue, int.MinValue, int.MinValue);

    public void Add(int x, int y)
    {
        Samples++;
        (Left, Top, Right, Bottom) = (Math.Min(Left, x), Math.Min(Top, y), Math.Max(Right, x), Math.Max(Bottom, y));
    }
}

/// <summary>Fills meshes with one number instead of light and colours: who covers which sample.</summary>
internal sealed class SilhouettePainter(Canvas canvas)
{
    private Vector3[] _seen = new Vector3[1024];

    /// <param name="number">From 1 to 65535.</param>
    public void Paint(Mesh mesh, in Placement placement, int number)
    {
        if (_seen.Length < mesh.Places.Length) _seen = new Vector3[mesh.Places.Length];
        for (var i = 0; i < mesh.Places.Length; i++)
        {
            if (!placement.TrySee(mesh.Places[i], out _seen[i])) return;
        }

        var colour = new Vector3(number & 255, number >> 8, 0);
        for (var i = 0; i < mesh.Triangles.Length; i += 3)
            canvas.Fill(_seen[mesh.Triangles[i]], _seen[mesh.Triangles[i + 1]], _seen[mesh.Triangles[i + 2]], colour, colour, colour);
    }
}
