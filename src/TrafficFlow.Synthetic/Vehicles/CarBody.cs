using System.Numerics;

namespace TrafficFlow.Synthetic.Vehicles;

/// <summary>One cut across a car's body. Heights and half widths in metres.</summary>
/// <param name="X">Forwards from the middle.</param>
/// <param name="Half">Half width at the doors.</param>
/// <param name="Sill">Underside.</param>
/// <param name="Belt">Height of the bonnet, or lower edge of the windows.</param>
/// <param name="Roof">Height of the top; equal to <paramref name="Belt"/> before and behind the cabin.</param>
/// <param name="RoofHalf">Half width of the top.</param>
internal readonly record struct Cut(float X, float Half, float Sill, float Belt, float Roof, float RoofHalf);

/// <summary>Builds car bodies by stretching a skin over cuts: bonnet, cabin with windows, tail, wheels, lamps.</summary>
internal static class CarBody
{
    /// <summary>The side view of a car in shares of its length (from the front) and of its height.</summary>
    /// <param name="Cowl">Foot of the windscreen.</param>
    /// <param name="RoofFront">Top of the windscreen.</param>
    /// <param name="RoofBack">Top of the rear window.</param>
    /// <param name="Deck">Foot of the rear window.</param>
    /// <param name="Belt">Height of the windows' lower edge.</param>
    /// <param name="BonnetFront">Height of the bonnet's front edge.</param>
    /// <param name="DeckHeight">Height of the tail behind the rear window.</param>
    /// <param name="Inward">How much narrower the roof is than the doors.</param>
    public sealed record Profile(
        float Cowl, float RoofFront, float RoofBack, float Deck, float Belt, float BonnetFront, float DeckHeight, float Inward, bool WindowsBehind = true);

    public static readonly Profile Kei = new(0.16f, 0.30f, 0.93f, 0.985f, 0.56f, 0.46f, 0.56f, 0.80f);
    public static readonly Profile Hatchback = new(0.235f, 0.43f, 0.82f, 0.965f, 0.62f, 0.47f, 0.62f, 0.74f);
    public static readonly Profile Sedan = new(0.275f, 0.44f, 0.70f, 0.85f, 0.63f, 0.47f, 0.70f, 0.72f);
    public static readonly Profile Suv = new(0.255f, 0.40f, 0.84f, 0.965f, 0.61f, 0.52f, 0.62f, 0.78f);
    public static readonly Profile Minivan = new(0.15f, 0.31f, 0.92f, 0.985f, 0.57f, 0.43f, 0.57f, 0.82f);
    public static readonly Profile Van = new(0.06f, 0.20f, 0.965f, 0.99f, 0.55f, 0.46f, 0.55f, 0.85f, false);
    public static readonly Profile KeiVan = new(0.06f, 0.17f, 0.965f, 0.99f, 0.55f, 0.46f, 0.55f, 0.86f, false);

    public static Mesh Build(Profile profile, float length, float width, float height)
    {
        var mesh = new MeshBuilder();
        AddSkin(mesh, profile, length, width, height);
        AddDetails(mesh, profile, length, width, height);
        return mesh.Build();
    }

    private static void AddSkin(MeshBuilder mesh, Profile p, float length, float width, float height)
    {
        var half = width / 2;
        var (belt, sill) = (p.Belt * height, 0.20f);
        float At(float share) => (0.5f - share) * length;
        var middle = (p.RoofFront + p.RoofBack) / 2;
        var front = p.BonnetFront * height;
        Cut[] cuts =
        [
            new(At(0), half * 0.80f, 0.30f, front * 0.80f, front * 0.80f, half * 0.62f),
            new(At(0.012f), half * 0.90f, 0.24f, front * 0.92f, front * 0.94f, half * 0.74f),
            new(At(0.045f), half * 0.97f, sill, front, front + 0.03f, half * 0.80f),
            new(At(MathF.Max(0.05f, p.Cowl * 0.6f)), half, sill, (front + belt) / 2 * 1.01f, ((front + belt) / 2 * 1.01f) + 0.03f, half * 0.84f),
            new(At(p.Cowl), half, sill, belt, belt + 0.02f, half * 0.86f),
            new(At(p.RoofFront), half, sill, belt, height * 0.975f, half * p.Inward),
            new(At(p.RoofFront + 0.07f), half, sill, belt, height, half * p.Inward),
            new(At(middle - 0.012f), half, sill, belt, height, half * p.Inward),
            new(At(middle + 0.012f), half, sill, belt, height, half * p.Inward),
            new(At(p.RoofBack - 0.05f), half, sill, belt, height * 0.99f, half * p.Inward),
            new(At(p.RoofBack), half * 0.99f, sill, belt, height * 0.955f, half * p.Inward * 0.98f),
            new(At(p.Deck), half * 0.96f, sill + 0.02f, p.DeckHeight * height, (p.DeckHeight * height) + 0.02f, half * 0.86f),
            new(At(0.988f), half * 0.93f, sill + 0.05f, p.DeckHeight * height * 0.985f, (p.DeckHeight * height * 0.985f) + 0.01f, half * 0.82f),
            new(At(1), half * 0.88f, sill + 0.10f, p.DeckHeight * height * 0.93f, p.DeckHeight * height * 0.93f, half * 0.78f),
        ];
        const int Cowl = 4;
        const int RoofFront = 5;
        const int PillarAt = 7;
        const int RoofBack = 10;
        const int Deck = 11;
        for (var i = 0; i + 1 < cuts.Length; i++)
        {
            var (now, next) = (Ring(cuts[i]), Ring(cuts[i + 1]));
            for (var j = 0; j + 1 < now.Length; j++)
            {
                var isSide = j is 4 or 9;
                var isTop = j is > 4 and < 9;
                var surface = Surface.Paint;
                if (isSide && i >= RoofFront && i < RoofBack && i != PillarAt) surface = p.WindowsBehind || i < PillarAt ? Surface.Glass : Surface.Paint;
                if (isSide && i == PillarAt) surface = Surface.Black;
                if ((isTop || isSide) && i == Cowl) surface = Surface.Glass;
                if (isTop && i == RoofBack && Deck > RoofBack) surface = Surface.Glass;
                if (j is 0 or 13) surface = Surface.Black;
                mesh.Quad(next[j], next[j + 1], now[j + 1], now[j], surface);
            }
        }

        Cap(mesh, Ring(cuts[0]), true);
        Cap(mesh, Ring(cuts[^1]), false);
    }

    /// <summary>From the left sill over the roof to the right sill, seen from the front anticlockwise.</summary>
    private static Vector3[] Ring(Cut c)
    {
        var cabin = c.Roof - c.Belt;
        var shoulder = c.Sill + ((c.Belt - c.Sill) * 0.55f);
        Vector3 P(float y, float z) => new(c.X, y, z);
        return
        [
            P(c.Half * 0.86f, c.Sill), P(c.Half * 0.965f, c.Sill + 0.10f), P(c.Half, shoulder), P(c.Half * 0.985f, c.Belt - 0.04f), P(c.Half * 0.955f, c.Belt),
            P(c.RoofHalf, c.Belt + (cabin * 0.90f)), P(c.RoofHalf * 0.82f, c.Roof - (cabin * 0.015f)),
            P(0, c.Roof + 0.015f),
            P(-c.RoofHalf * 0.82f, c.Roof - (cabin * 0.015f)), P(-c.RoofHalf, c.Belt + (cabin * 0.90f)), P(-c.Half * 0.955f, c.Belt), P(-c.Half * 0.985f, c.Belt - 0.04f),
            P(-c.Half, shoulder), P(-c.Half * 0.965f, c.Sill + 0.10f), P(-c.Half * 0.86f, c.Sill),
        ];
    }

    private static void Cap(MeshBuilder mesh, Vector3[] ring, bool isFront)
    {
        var middle = new Vector3(ring[0].X, 0, (ring[0].Z + ring[7].Z) / 2);
        for (var j = 0; j + 1 < ring.Length; j++)
        {
            if (isFront) mesh.Triangle(middle, ring[j], ring[j + 1], Surface.Paint);
            else mesh.Triangle(middle, ring[j + 1], ring[j], Surface.Paint);
        }
    }

    private static void AddDetails(MeshBuilder mesh, Profile p, float length, float width, float height)
    {
        var (front, back, half) = ((length / 2) + 0.012f, -(length / 2) - 0.012f, width / 2);
        var nose = p.BonnetFront * height;
        mesh.FacePlate(front, 1, -half * 0.45f, half * 0.45f, nose * 0.52f, nose * 0.70f, Surface.Black);
        mesh.FacePlate(front, 1, -half * 0.72f, half * 0.72f, 0.30f, nose * 0.42f, Surface.Black);
        mesh.FacePlate(front + 0.01f, 1, -0.165f, 0.165f, nose * 0.45f, (nose * 0.45f) + 0.15f, Surface.Plate);
        var lampHigh = nose * 0.80f;
        mesh.Box(new(front - 0.13f, half * 0.50f, lampHigh - 0.14f), new(front + 0.01f, half * 0.84f, lampHigh + 0.02f), Surface.HeadLamp);
        mesh.Box(new(front - 0.13f, -half * 0.84f, lampHigh - 0.14f), new(front + 0.01f, -half * 0.50f, lampHigh + 0.02f), Surface.HeadLamp);
        mesh.Box(new(front - 0.16f, half * 0.80f, lampHigh - 0.24f), new(front - 0.03f, half * 0.93f, lampHigh - 0.13f), Surface.LeftIndicator);
        mesh.Box(new(front - 0.16f, -half * 0.93f, lampHigh - 0.24f), new(front - 0.03f, -half * 0.80f, lampHigh - 0.13f), Surface.RightIndicator);
        var tail = p.DeckHeight * height * 0.86f;
        mesh.Box(new(back, half * 0.60f, tail - 0.22f), new(back + 0.2f, half * 0.92f, tail), Surface.TailLamp);
        mesh.Box(new(back, -half * 0.92f, tail - 0.22f), new(back + 0.2f, -half * 0.60f, tail), Surface.TailLamp);
        mesh.Box(new(back, half * 0.62f, tail - 0.31f), new(back + 0.15f, half * 0.91f, tail - 0.22f), Surface.LeftIndicator);
        mesh.Box(new(back, -half * 0.91f, tail - 0.31f), new(back + 0.15f, -half * 0.62f, tail - 0.22f), Surface.RightIndicator);
        mesh.FacePlate(back, -1, -0.165f, 0.165f, tail - 0.30f, tail - 0.15f, Surface.Plate);
        mesh.FacePlate(back, -1, -half * 0.8f, half * 0.8f, 0.30f, 0.42f, Surface.Black);
        var mirrorX = (0.5f - p.Cowl - 0.06f) * length;
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            var (y0, y1) = side > 0 ? (half * 0.97f, half + 0.16f) : (-half - 0.16f, -half * 0.97f);
            mesh.Box(new(mirrorX - 0.07f, y0, (p.Belt * height) - 0.02f), new(mirrorX + 0.06f, y1, (p.Belt * height) + 0.13f), Surface.Paint);
        }

        var wheel = height > 1.6f && length < 4 ? 0.27f : 0.31f;
        var axle = (length * 0.5f) - (length < 4 ? 0.52f : 0.82f);
        mesh.Arches(axle, half + 0.004f, wheel, wheel + 0.06f);
        mesh.Arches(-axle, half + 0.004f, wheel, wheel + 0.06f);
        // Seams of the doors, and a dark strip along the sills.
        var belt = (p.Belt * height) - 0.05f;
        foreach (var seam in (ReadOnlySpan<float>)[axle - wheel - 0.1f, 0.02f * length, -axle + wheel - 0.12f])
            mesh.SidePlates(half + 0.006f, seam - 0.012f, seam + 0.012f, 0.32f, belt, Surface.Black);
        mesh.SidePlates(half * 0.985f, -axle + wheel + 0.06f, axle - wheel - 0.06f, 0.19f, 0.29f, Surface.Black);
        mesh.Wheels(axle, half + 0.012f, wheel, 0.2f);
        mesh.Wheels(-axle, half + 0.012f, wheel, 0.2f);
    }
}
