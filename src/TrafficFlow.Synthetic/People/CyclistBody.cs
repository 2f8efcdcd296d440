using System.Numerics;
using TrafficFlow.Synthetic.Vehicles;

namespace TrafficFlow.Synthetic.People;

/// <summary>A town bicycle with its rider, whose legs turn the pedals.</summary>
internal static class CyclistBody
{
    /// <summary>Moments into which one turn of the pedals is divided.</summary>
    public const int Steps = 8;

    /// <summary>The rider's height, in metres, for which the mesh is built.</summary>
    public const float RiderHeight = 1.68f;

    private const float Wheel = 0.33f;

    public static Mesh Build(int step, bool hasHat)
    {
        var mesh = new MeshBuilder();
        AddBicycle(mesh);
        AddRider(mesh, step * MathF.Tau / Steps, hasHat);
        return mesh.Build();
    }

    private static void AddBicycle(MeshBuilder mesh)
    {
        Ring(mesh, new(0.54f, 0, Wheel));
        Ring(mesh, new(-0.52f, 0, Wheel));
        var (crank, seat, head) = (new Vector3(-0.06f, 0, 0.30f), new Vector3(-0.22f, 0, 0.80f), new Vector3(0.40f, 0, 0.82f));
        Tube(crank, seat);
        Tube(crank, head);
        Tube(crank, new(-0.52f, 0, Wheel));
        Tube(seat, new(-0.52f, 0, Wheel));
        Tube(new(0.36f, 0, 0.98f), new(0.54f, 0, Wheel));
        mesh.Limb(new(0.32f, 0.27f, 1.0f), new(0.32f, -0.27f, 1.0f), 0.02f, 0.02f, Surface.Black, 4);
        mesh.Box(new(-0.36f, -0.08f, 0.80f), new(-0.12f, 0.08f, 0.87f), Surface.Black);
        // A basket in front and a carrier with a lamp behind.
        mesh.Box(new(0.46f, -0.16f, 0.76f), new(0.74f, 0.16f, 0.98f), Surface.Grey);
        mesh.Box(new(-0.74f, -0.07f, 0.68f), new(-0.34f, 0.07f, 0.71f), Surface.Grey);
        mesh.Box(new(-0.85f, -0.03f, 0.44f), new(-0.78f, 0.03f, 0.66f), Surface.Black);

        void Tube(Vector3 from, Vector3 to) => mesh.Limb(from, to, 0.026f, 0.026f, Surface.Paint, 4);
    }

    private static void Ring(MeshBuilder mesh, Vector3 middle)
    {
        const int Pieces = 12;
        for (var i = 0; i < Pieces; i++)
        {
            Vector3 P(float radius, int k, float y) =>
                middle + new Vector3(radius * MathF.Cos(k * MathF.Tau / Pieces), y, radius * MathF.Sin(k * MathF.Tau / Pieces));
            var (inner, outer) = (Wheel - 0.05f, Wheel);
            mesh.Quad(P(inner, i, -0.018f), P(outer, i, -0.018f), P(outer, i + 1, -0.018f), P(inner, i + 1, -0.018f), Surface.Black);
            mesh.Quad(P(inner, i + 1, 0.018f), P(outer, i + 1, 0.018f), P(outer, i, 0.018f), P(inner, i, 0.018f), Surface.Black);
            mesh.Quad(P(outer, i, 0.018f), P(outer, i + 1, 0.018f), P(outer, i + 1, -0.018f), P(outer, i, -0.018f), Surface.Black);
        }
    }

    private static void AddRider(MeshBuilder mesh, float angle, bool hasHat)
    {
        const float Thigh = 0.43f;
        const float Shin = 0.44f;
        foreach (var side in (ReadOnlySpan<int>)[1, -1])
        {
            var turn = side > 0 ? angle : angle + MathF.PI;
            var hip = new Vector3(-0.2f, side * 0.09f, 0.92f);
            var foot = new Vector3(-0.06f + (0.16f * MathF.Cos(turn)), side * 0.12f, 0.34f - (0.16f * MathF.Sin(turn)));
            // The knee lies before the line from hip to foot, where both parts of the leg meet.
            var line = foot - hip;
            var reach = MathF.Min(line.Length(), Thigh + Shin - 0.01f);
            var along = ((Thigh * Thigh) - (Shin * Shin) + (reach * reach)) / (2 * reach);
            var before = MathF.Sqrt(MathF.Max(0, (Thigh * Thigh) - (along * along)));
            var direction = Vector3.Normalize(line);
            var knee = hip + (direction * along) + (before * Vector3.Normalize(new Vector3(-direction.Z, 0, direction.X)));
            mesh.Limb(hip, knee, 0.08f, 0.06f, Surface.Lower);
            mesh.Limb(knee, foot, 0.055f, 0.042f, Surface.Lower);
            mesh.Box(new(foot.X - 0.08f, foot.Y - 0.045f, foot.Z - 0.05f), new(foot.X + 0.16f, foot.Y + 0.045f, foot.Z + 0.03f), Surface.Shoe);
            var shoulder = new Vector3(0, side * 0.19f, 1.37f);
            mesh.Limb(shoulder, new(0.12f, side * 0.26f, 1.14f), 0.052f, 0.042f, Surface.Upper);
            mesh.Limb(new(0.12f, side * 0.26f, 1.14f), new(0.32f, side * 0.24f, 1.02f), 0.042f, 0.035f, Surface.Upper);
        }

        mesh.Limb(new(-0.22f, 0, 0.86f), new(-0.12f, 0, 1.12f), 0.15f, 0.14f, Surface.Lower, 7);
        mesh.Limb(new(-0.19f, 0, 0.98f), new(0, 0, 1.42f), 0.15f, 0.16f, Surface.Upper, 7);
        mesh.Limb(new(0, 0, 1.40f), new(0.07f, 0, 1.56f), 0.06f, 0.055f, Surface.Skin);
        mesh.Ball(new(0.09f, 0, 1.61f), new(0.1f, 0.085f, 0.12f), Surface.Skin);
        mesh.Ball(new(0.06f, 0, 1.645f), new(0.105f, 0.095f, 0.105f), hasHat ? Surface.Bag : Surface.Hair);
    }
}
