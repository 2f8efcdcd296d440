using System.Numerics;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic.Light;

namespace TrafficFlow.Synthetic.Scenery;

internal enum Finish
{
    Plain,
    Facade,
    Shop,
    Roof,
    Fence,
    Metal,
    SignalFace,
}

/// <summary>An upright block. A facade's windows come from its <see cref="Seed"/>.</summary>
internal sealed record Block(Vector3 Low, Vector3 High, Vector3 Colour, Finish Finish, int Seed)
{
    public static Block Around(int arm, double a0, double a1, double b0, double b1, double z0, double z1, Vector3 colour, Finish finish, int seed = 0)
    {
        var (p, q) = (JunctionCameras.At(arm, a0, b0, z0), JunctionCameras.At(arm, a1, b1, z1));
        return new Block(Vector3.Min(p, q), Vector3.Max(p, q), colour, finish, seed);
    }
}

/// <summary>An upright round pole.</summary>
internal sealed record Pole(float X, float Y, float Radius, float Low, float High, Vector3 Colour);

/// <summary>A crown made of leafy balls around a middle.</summary>
internal sealed record Crown(Vector3 Middle, float Reach, Vector4[] Balls, Vector3 Colour);

/// <summary>Everything that stands beside the road, the same for all four cameras.</summary>
internal static class StreetObjects
{
    private static readonly Vector3 s_steel = new(0.32f, 0.33f, 0.33f);
    private static readonly Vector3 s_concrete = new(0.34f, 0.33f, 0.31f);

    public static readonly IReadOnlyList<Block> Blocks = [.. Buildings().Concat(Fences()).Concat(Signals())];
    public static readonly IReadOnlyList<Crown> Crowns = [.. Trees()];
    public static readonly IReadOnlyList<Pole> Poles = [.. Masts().Concat(Trunks())];

    private static IEnumerable<Block> Buildings()
    {
        Vector3[] walls = [new(0.52f, 0.49f, 0.43f), new(0.40f, 0.36f, 0.33f), new(0.60f, 0.60f, 0.58f), new(0.46f, 0.36f, 0.28f), new(0.36f, 0.40f, 0.43f), new(0.55f, 0.52f, 0.50f)];
        var seed = 0;
        for (var arm = 0; arm < 4; arm++)
        {
            // Both sides of each arm, outwards from the corner lots.
            for (var side = -1; side <= 1; side += 2)
            {
                var b = side > 0 ? 27.0 : 30.0;
                while (b < 110)
                {
                    seed++;
                    var wide = 8 + (8 * Noise.Cell(seed, 1));
                    var tall = 5.5f + (9 * Noise.Cell(seed, 2) * Noise.Cell(seed, 3));
                    var near = 11.2f + (2.5f * Noise.Cell(seed, 4));
                    var isPark = side * (arm == 0 ? -1 : arm == 3 ? 1 : 0) > 0 && b < 60;
                    if (!isPark)
                    {
                        yield return Block.Around(arm, side * near, side * (near + 11), b, b + wide, 0, tall, walls[seed % walls.Length], Finish.Facade, seed);
                        yield return Block.Around(arm, side * (near + 3), side * (near + 5), b + 2, b + 4, tall, tall + 1.2, s_concrete, Finish.Plain);
                        yield return Block.Around(arm, side * (near + 6), side * (near + 6.8), b + 3, b + 5.5, tall, tall + 0.8, new(0.5f, 0.5f, 0.48f), Finish.Plain);
                    }

                    b += wide + 1.2 + (3 * Noise.Cell(seed, 5));
                }
            }
        }

        // Corner lots: a convenience store in the north-east, an office in the south-west, flats in the south-east, a park in the north-west.
        yield return Block.Around(0, 15, 29, 15, 24, 0, 4.2, new(0.62f, 0.62f, 0.6f), Finish.Shop, 901);
        yield return Block.Around(0, 14.9, 29.1, 14.9, 24.1, 3.1, 4.0, new(0.05f, 0.30f, 0.16f), Finish.Plain);
        yield return Block.Around(0, 19, 20.2, 18, 19.4, 4.2, 5.1, new(0.5f, 0.5f, 0.48f), Finish.Plain);
        yield return Block.Around(0, 22, 23.2, 18, 19.4, 4.2, 5.1, new(0.5f, 0.5f, 0.48f), Finish.Plain);
        yield return Block.Around(2, 12, 27, 12.5, 27, 0, 14.5, new(0.42f, 0.44f, 0.46f), Finish.Facade, 902);
        yield return Block.Around(1, 12.5, 25, 12.5, 28, 0, 17.5, new(0.56f, 0.47f, 0.38f), Finish.Facade, 903);
    }

    private static IEnumerable<Block> Fences()
    {
        for (var arm = 0; arm < 4; arm++)
        {
            for (var side = -1; side <= 1; side += 2)
            {
                var a = side * (JunctionLayout.HalfWidth + 0.45);
                yield return Block.Around(arm, a - 0.03, a + 0.03, 15, 26, 0, 0.85, new(0.62f, 0.62f, 0.6f), Finish.Fence);
                yield return Block.Around(arm, a - 0.03, a + 0.03, 30, 58, 0, 0.85, new(0.62f, 0.62f, 0.6f), Finish.Fence);
            }
        }
    }

    private static IEnumerable<Block> Signals()
    {
        for (var arm = 0; arm < 4; arm++)
        {
            var mast = -(JunctionLayout.HalfWidth + 1.1);
            yield return Block.Around(arm, mast, SignalHeads.Left - 0.2, 13.02, 13.12, 5.75, 5.85, s_steel, Finish.Metal);
            yield return Block.Around(arm, SignalHeads.Left - 0.06, SignalHeads.Right + 0.06, 12.85, 13.05, 5.1, 5.52, new(0.42f, 0.43f, 0.43f), Finish.Metal);
            yield return Block.Around(arm, SignalHeads.Right - 0.46, SignalHeads.Right + 0.06, 12.85, 13.05, 4.7, 5.08, new(0.42f, 0.43f, 0.43f), Finish.Metal);
            yield return Block.Around(arm, SignalHeads.Left - 0.03, SignalHeads.Right + 0.03, 12.82, 12.86, 5.13, 5.49, new(0.03f, 0.03f, 0.03f), Finish.SignalFace);
            yield return Block.Around(arm, SignalHeads.Right - 0.43, SignalHeads.Right + 0.03, 12.82, 12.86, 4.73, 5.05, new(0.03f, 0.03f, 0.03f), Finish.SignalFace);
            foreach (var b in StreetLamps.Distances)
            {
                var foot = -(JunctionLayout.HalfWidth + 0.8);
                yield return Block.Around(arm, foot, foot + StreetLamps.Reach, b - 0.04, b + 0.04, StreetLamps.Height, StreetLamps.Height + 0.08, s_steel, Finish.Metal);
                yield return Block.Around(arm, foot + StreetLamps.Reach - 0.1, foot + StreetLamps.Reach + 0.55, b - 0.12, b + 0.12, StreetLamps.Height, StreetLamps.Height + 0.14, new(0.6f, 0.6f, 0.58f), Finish.Metal);
            }

            // A blue name plate of the junction beside the lamps.
            yield return Block.Around(arm, SignalHeads.Left - 1.7, SignalHeads.Left - 0.35, 12.95, 13.0, 5.1, 5.55, new(0.04f, 0.12f, 0.42f), Finish.Plain);
            // A switch cabinet and a kerbside sign.
            yield return Block.Around(arm, 9.3, 9.9, 13.5, 14.2, 0, 1.3, new(0.42f, 0.43f, 0.40f), Finish.Plain);
        }
    }

    private static IEnumerable<Pole> Masts()
    {
        for (var arm = 0; arm < 4; arm++)
        {
            var kerb = JunctionLayout.HalfWidth;
            yield return At(arm, -(kerb + 1.1), 13.07, 0.11f, 7.2f, s_steel);
            for (var b = 22.0; b < 130; b += 31) yield return At(arm, kerb + 0.8, b, 0.17f, 10.5f, s_concrete);
            foreach (var b in StreetLamps.Distances) yield return At(arm, -(kerb + 0.8), b, 0.08f, (float)StreetLamps.Height, s_steel);
            yield return At(arm, kerb + 0.7, 16.5, 0.04f, 2.9f, new(0.5f, 0.5f, 0.5f));
        }

        static Pole At(int arm, double a, double b, float radius, float high, Vector3 colour)
        {
            var p = JunctionCameras.At(arm, a, b, 0);
            return new Pole(p.X, p.Y, radius, 0, high, colour);
        }
    }

    private static IEnumerable<Pole> Trunks() =>
        Crowns.Select(c => new Pole(c.Middle.X, c.Middle.Y, 0.07f * c.Reach, 0, c.Middle.Z, new Vector3(0.11f, 0.085f, 0.06f)));

    private static IEnumerable<Crown> Trees()
    {
        (int Arm, double A, double B, float Size)[] places =
        [
            (0, -12.5, 15.5, 2.6f), (0, -17, 20, 3.3f), (0, -11.6, 24, 2.4f), (0, -21, 14, 3.0f), (0, -14.5, 30, 3.0f), (0, -12, 38, 2.8f), (0, -12, 47, 2.8f), (0, -19, 40, 3.4f),
            (0, -25, 27, 3.6f), (0, 11.2, 44, 1.9f), (3, 12.5, 33, 2.7f), (3, 14, 43, 3.0f), (3, 20, 22, 3.2f),
            (1, -9.2, 30, 1.7f), (1, -9.2, 42, 1.8f), (1, 9.2, 36, 1.7f), (2, 9.2, 33, 1.7f), (2, 9.2, 44, 1.7f), (2, -9.2, 30, 1.8f), (2, -9.2, 40, 1.7f),
            (3, -9.2, 30, 1.7f), (3, -9.2, 41, 1.8f), (1, -9.2, 54, 1.8f), (2, -9.2, 52, 1.8f), (0, 9.3, 55, 1.8f),
        ];
        for (var i = 0; i < places.Length; i++)
        {
            var (arm, a, b, size) = places[i];
            var middle = JunctionCameras.At(arm, a, b, (size * 1.05) + 1.9);
            var balls = new Vector4[34];
            for (var k = 0; k < balls.Length; k++)
            {
                var angle = Noise.Cell(i, k, 1) * MathF.Tau;
                var up = (Noise.Cell(i, k, 2) * 1.8f) - 0.85f;
                var out0 = MathF.Sqrt(MathF.Max(0, 1 - (up * up * 0.9f))) * (0.45f + (0.4f * Noise.Cell(i, k, 3)));
                var at = middle + (size * new Vector3(out0 * MathF.Cos(angle), out0 * MathF.Sin(angle), up * 0.8f));
                balls[k] = new Vector4(at, size * (0.26f + (0.16f * Noise.Cell(i, k, 4))));
            }

            var green = Noise.Cell(i, 99);
            yield return new Crown(middle, size * 1.45f, balls, Vector3.Lerp(new(0.05f, 0.10f, 0.025f), new(0.11f, 0.14f, 0.035f), green));
        }
    }
}
