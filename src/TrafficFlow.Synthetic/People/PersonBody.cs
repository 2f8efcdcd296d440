using System.Numerics;
using TrafficFlow.Simulation.People;
using TrafficFlow.Synthetic.Vehicles;

namespace TrafficFlow.Synthetic.People;

/// <summary>What a person's mesh depends on.</summary>
/// <param name="Step">Which of <see cref="PersonBody.Steps"/> moments of the walking cycle; -1 for standing.</param>
internal readonly record struct PersonShape(PersonBuild Build, int Step, bool IsCoat, bool HasHat, Carried Carried, bool IsUnderUmbrella);

/// <summary>Builds people of <see cref="HeightOf"/> with legs that walk and arms that swing against them; x forwards, y to the left.</summary>
internal static class PersonBody
{
    /// <summary>Moments into which one walking cycle is divided.</summary>
    public const int Steps = 10;

    /// <summary>The height, in metres, for which a mesh is built; others are scaled from it.</summary>
    public static float HeightOf(PersonBuild build) => build switch { PersonBuild.Man => 1.74f, PersonBuild.Woman => 1.61f, _ => 1.22f };

    public static Mesh Build(PersonShape shape)
    {
        var mesh = new MeshBuilder();
        var h = HeightOf(shape.Build);
        var (wide, head) = shape.Build switch { PersonBuild.Man => (1.06f, 1f), PersonBuild.Woman => (0.94f, 1f), _ => (0.98f, 1.3f) };
        var angle = shape.Step * MathF.Tau / Steps;
        var isWalking = shape.Step >= 0;
        AddLegs(mesh, h, wide, angle, isWalking);
        AddTrunk(mesh, h, wide, shape.IsCoat);
        AddArm(mesh, h, wide, 1, isWalking ? -MathF.Sin(angle) : 0.1f, false);
        AddArm(mesh, h, wide, -1, isWalking ? MathF.Sin(angle) : -0.1f, shape.IsUnderUmbrella);
        AddHead(mesh, h, head, shape.HasHat);
        AddLoad(mesh, h, shape.Carried);
        if (shape.IsUnderUmbrella) AddUmbrella(mesh, h);
        return mesh.Build();
    }

    private static void AddLegs(MeshBuilder mesh, float h, float wide, float angle, bool isWalking)
    {
        var (thigh, shin) = (0.245f * h, 0.235f * h);
        var hip = 0.51f * h;
        foreach (var side in (ReadOnlySpan<int>)[1, -1])
        {
            var phase = side > 0 ? angle : angle + MathF.PI;
            var forwards = isWalking ? 0.44f * MathF.Sin(phase) : 0;
            // The knee bends while the leg swings forwards.
            var bend = isWalking ? 0.08f + (0.75f * MathF.Max(0, MathF.Cos(phase))) : 0.03f;
            var top = new Vector3(0, side * 0.052f * h * wide, hip);
            var knee = top + (thigh * new Vector3(MathF.Sin(forwards), 0, -MathF.Cos(forwards)));
            var ankle = knee + (shin * new Vector3(MathF.Sin(forwards - bend), 0, -MathF.Cos(forwards - bend)));
            ankle.Z = MathF.Max(ankle.Z, 0.035f * h);
            mesh.Limb(top, knee, 0.052f * h * wide, 0.036f * h, Surface.Lower);
            mesh.Limb(knee, ankle, 0.036f * h, 0.026f * h, Surface.Lower);
            mesh.Box(
                new(ankle.X - (0.035f * h), ankle.Y - (0.026f * h), MathF.Max(0, ankle.Z - (0.035f * h))),
                new(ankle.X + (0.105f * h), ankle.Y + (0.026f * h), ankle.Z + (0.012f * h)), Surface.Shoe);
        }
    }

    private static void AddTrunk(MeshBuilder mesh, float h, float wide, bool isCoat)
    {
        Slice At(float z, float @long, float half, float x = 0) => new(z * h, x * h, @long * h, half * h * wide);
        if (isCoat)
        {
            mesh.Body(
                [At(0.27f, 0.100f, 0.118f), At(0.46f, 0.082f, 0.102f), At(0.60f, 0.062f, 0.082f), At(0.72f, 0.072f, 0.106f), At(0.80f, 0.056f, 0.112f), At(0.835f, 0.03f, 0.045f)],
                Surface.Upper);
            return;
        }

        mesh.Body([At(0.455f, 0.066f, 0.094f), At(0.52f, 0.066f, 0.094f)], Surface.Lower);
        mesh.Body(
            [At(0.49f, 0.069f, 0.098f), At(0.60f, 0.062f, 0.088f), At(0.72f, 0.072f, 0.112f, 0.006f), At(0.80f, 0.056f, 0.118f), At(0.835f, 0.03f, 0.045f)],
            Surface.Upper);
    }

    private static void AddArm(MeshBuilder mesh, float h, float wide, int side, float swing, bool isRaised)
    {
        var shoulder = new Vector3(0, side * 0.122f * h * wide, 0.79f * h);
        var upper = 0.42f * swing;
        var elbow = shoulder + (0.165f * h * new Vector3(MathF.Sin(upper), side * 0.14f, -MathF.Cos(upper)));
        var fore = isRaised ? 2.4f : upper + 0.28f;
        var hand = elbow + (0.15f * h * new Vector3(MathF.Sin(fore), isRaised ? -side * 0.4f : side * 0.03f, -MathF.Cos(fore)));
        mesh.Limb(shoulder, elbow, 0.034f * h, 0.027f * h, Surface.Upper);
        mesh.Limb(elbow, hand, 0.027f * h, 0.022f * h, Surface.Upper);
        mesh.Ball(hand, new Vector3(0.024f * h), Surface.Skin, 5, 3);
    }

    private static void AddHead(MeshBuilder mesh, float h, float size, bool hasHat)
    {
        var middle = h * (1 - (0.068f * size));
        mesh.Limb(new(0, 0, 0.82f * h), new(0.01f * h, 0, middle), 0.034f * h, 0.034f * h, Surface.Skin);
        var reach = 0.062f * h * size;
        mesh.Ball(new(0.008f * h, 0, middle - (0.006f * h)), new Vector3(reach * 0.94f, reach * 0.78f, reach * 1.06f), Surface.Skin);
        mesh.Ball(new(-0.012f * h, 0, middle + (0.012f * h)), new Vector3(reach * 0.95f, reach * 0.88f, reach * 0.98f), Surface.Hair);
        if (!hasHat) return;
        var brim = middle + (0.25f * reach);
        mesh.Body([new(brim, 0.01f * h, reach * 1.5f, reach * 1.35f), new(brim + (0.02f * h), 0, reach * 1.1f, reach), new(brim + (0.055f * h), 0, reach * 0.85f, reach * 0.8f)], Surface.Bag);
    }

    private static void AddLoad(MeshBuilder mesh, float h, Carried carried)
    {
        switch (carried)
        {
            case Carried.Backpack:
                mesh.Box(new(-0.15f * h, -0.085f * h, 0.56f * h), new(-0.055f * h, 0.085f * h, 0.80f * h), Surface.Bag);
                break;
            case Carried.Bag:
                mesh.Box(new(-0.075f * h, 0.145f * h, 0.36f * h), new(0.10f * h, 0.20f * h, 0.50f * h), Surface.Bag);
                break;
            case Carried.Suitcase:
                mesh.Box(new(-0.36f * h, -0.20f * h, 0.04f * h), new(-0.22f * h, -0.02f * h, 0.36f * h), Surface.Bag);
                mesh.Limb(new(-0.28f * h, -0.11f * h, 0.36f * h), new(-0.06f * h, -0.13f * h, 0.5f * h), 0.008f * h, 0.008f * h, Surface.Grey, 3);
                break;
        }
    }

    private static void AddUmbrella(MeshBuilder mesh, float h)
    {
        const int Ribs = 8;
        var (rim, top, reach) = (1.02f * h, (1.02f * h) + 0.22f, 0.52f);
        mesh.Limb(new(0.13f * h, -0.05f * h, 0.7f * h), new(0.06f, -0.03f, top), 0.012f, 0.012f, Surface.Grey, 3);
        Vector3 P(int i, float share, float z) => new(0.06f + (reach * share * MathF.Cos(i * MathF.Tau / Ribs)), -0.03f + (reach * share * MathF.Sin(i * MathF.Tau / Ribs)), z);
        var crown = new Vector3(0.06f, -0.03f, top);
        var middle = rim + ((top - rim) * 0.68f);
        for (var i = 0; i < Ribs; i++)
        {
            mesh.Triangle(crown, P(i, 0.6f, middle), P(i + 1, 0.6f, middle), Surface.Umbrella);
            mesh.Quad(P(i, 1, rim), P(i + 1, 1, rim), P(i + 1, 0.6f, middle), P(i, 0.6f, middle), Surface.Umbrella);
            // The dark inside, seen from below.
            mesh.Triangle(crown, P(i + 1, 1, rim), P(i, 1, rim), Surface.Black);
        }
    }
}
