using System.Numerics;

namespace TrafficFlow.Synthetic.Vehicles;

/// <summary>Trucks and buses, made of boxes with windows, wheels and lamps.</summary>
internal static class LargeBodies
{
    public static Mesh BoxTruck(float length, float width, float height)
    {
        var mesh = new MeshBuilder();
        var (front, half) = (length / 2, width / 2);
        var cabLength = length > 7 ? 1.9f : 1.6f;
        var cabHeight = height * 0.76f;
        AddCab(mesh, front, cabLength, half * 0.96f, cabHeight, Surface.Paint);
        mesh.Box(-front + 0.15f, front - cabLength + 0.1f, half * 0.45f, 0.5f, 0.9f, Surface.Black);
        mesh.Box(-front, front - cabLength - 0.15f, half, 0.95f, height, Surface.Cargo);
        mesh.FacePlate(-front - 0.012f, -1, -0.03f, 0.03f, 1.0f, height - 0.05f, Surface.Grey);
        mesh.SidePlates(half + 0.012f, -front, front - cabLength - 0.15f, 0.95f, 1.05f, Surface.Grey);
        mesh.SidePlates(half + 0.012f, -front + (length * 0.18f), front - cabLength - (length * 0.16f), 1.5f, height - 0.6f, Surface.SecondPaint);
        mesh.SidePlates(half * 0.95f, -front * 0.35f, front - cabLength - 1.0f, 0.45f, 0.95f, Surface.Grey);
        AddChassis(mesh, front, half, length);
        return mesh.Build();
    }

    public static Mesh DumpTruck(float length, float width, float height)
    {
        var mesh = new MeshBuilder();
        var (front, half) = (length / 2, width / 2);
        const float CabLength = 1.95f;
        AddCab(mesh, front, CabLength, half * 0.97f, height * 0.93f, Surface.Paint);
        mesh.Box(-front + 0.1f, front - CabLength, half * 0.5f, 0.55f, 1.05f, Surface.Black);
        // An open body: floor and four walls.
        var (low, high, x0, x1) = (1.05f, 2.1f, -front, front - CabLength - 0.2f);
        mesh.Box(x0, x1, half, low, low + 0.35f, Surface.SecondPaint);
        mesh.Box(new(x0, half - 0.1f, low), new(x1, half, high), Surface.SecondPaint);
        mesh.Box(new(x0, -half, low), new(x1, -half + 0.1f, high), Surface.SecondPaint);
        mesh.Box(x1 - 0.1f, x1, half, low, high + 0.35f, Surface.SecondPaint);
        mesh.Box(x0, x0 + 0.1f, half, low, high, Surface.SecondPaint);
        AddChassis(mesh, front, half, length);
        return mesh.Build();
    }

    public static Mesh KeiTruck(float length, float width, float height)
    {
        var mesh = new MeshBuilder();
        var (front, half) = (length / 2, width / 2);
        AddCab(mesh, front, 1.25f, half, height, Surface.Paint);
        mesh.Box(-front, front - 1.3f, half, 0.42f, 0.72f, Surface.Paint);
        mesh.Box(new(-front, half - 0.05f, 0.7f), new(front - 1.3f, half, 0.98f), Surface.Paint);
        mesh.Box(new(-front, -half, 0.7f), new(front - 1.3f, -half + 0.05f, 0.98f), Surface.Paint);
        mesh.Box(-front, -front + 0.05f, half, 0.7f, 0.98f, Surface.Paint);
        mesh.Box(-front + 0.05f, front - 1.3f, half - 0.05f, 0.7f, 0.74f, Surface.Grey);
        AddTailLamps(mesh, -front - 0.012f, half, 0.55f);
        mesh.Wheels(front - 0.55f, half + 0.01f, 0.26f, 0.16f);
        mesh.Wheels(-front + 0.75f, half + 0.01f, 0.26f, 0.16f);
        return mesh.Build();
    }

    public static Mesh RouteBus(float length, float width, float height)
    {
        var mesh = new MeshBuilder();
        var (front, half) = (length / 2, width / 2);
        mesh.Box(-front, front, half, 0.32f, 1.05f, Surface.SecondPaint);
        mesh.Box(-front, front, half, 1.05f, height - 0.12f, Surface.Paint);
        mesh.Box(-front + 0.12f, front - 0.12f, half - 0.12f, height - 0.12f, height, Surface.Paint);
        mesh.Box(-front * 0.55f, -front * 0.2f, half * 0.6f, height, height + 0.16f, Surface.Grey);
        mesh.Box(front * 0.1f, front * 0.45f, half * 0.5f, height, height + 0.14f, Surface.Grey);
        var (low, high) = (1.25f, height - 0.55f);
        for (var x = front - 0.5f; x > -front + 1.3f; x -= 1.32f) mesh.SidePlates(half + 0.015f, x - 1.22f, x, low, high, Surface.Glass);
        mesh.FacePlate(front + 0.015f, 1, -half * 0.92f, half * 0.92f, 1.0f, height - 0.62f, Surface.Glass);
        mesh.FacePlate(front + 0.015f, 1, -half * 0.62f, half * 0.62f, height - 0.55f, height - 0.22f, Surface.Black);
        mesh.FacePlate(-front - 0.015f, -1, -half * 0.8f, half * 0.8f, 1.55f, height - 0.62f, Surface.Glass);
        // Doors on the left, as on every bus that keeps left.
        foreach (var x in (ReadOnlySpan<float>)[front - 0.45f, (front * 0.1f) + 0.6f])
            mesh.Quad(new(x, half + 0.02f, 0.42f), new(x - 1.05f, half + 0.02f, 0.42f), new(x - 1.05f, half + 0.02f, high), new(x, half + 0.02f, high), Surface.Glass);
        mesh.FacePlate(front + 0.015f, 1, half * 0.62f, half * 0.9f, 0.62f, 0.82f, Surface.HeadLamp);
        mesh.FacePlate(front + 0.015f, 1, -half * 0.9f, -half * 0.62f, 0.62f, 0.82f, Surface.HeadLamp);
        mesh.FacePlate(front + 0.015f, 1, -half, half, 0.32f, 0.5f, Surface.Black);
        mesh.FacePlate(front + 0.02f, 1, half * 0.9f, half * 1.0f, 0.62f, 0.82f, Surface.LeftIndicator);
        mesh.FacePlate(front + 0.02f, 1, -half * 1.0f, -half * 0.9f, 0.62f, 0.82f, Surface.RightIndicator);
        AddTailLamps(mesh, -front - 0.012f, half, 1.0f);
        var axle = length * 0.26f;
        mesh.Wheels(axle, half + 0.02f, 0.47f, 0.25f);
        mesh.Wheels(-axle, half + 0.02f, 0.47f, 0.25f);
        mesh.Box(new(front - 0.1f, half, 1.7f), new(front + 0.1f, half + 0.22f, 2.1f), Surface.Black);
        mesh.Box(new(front - 0.1f, -half - 0.22f, 1.7f), new(front + 0.1f, -half, 2.1f), Surface.Black);
        return mesh.Build();
    }

    private static void AddCab(MeshBuilder mesh, float front, float length, float half, float height, Surface paint)
    {
        var floor = height > 2 ? 0.55f : 0.32f;
        var belt = floor + ((height - floor) * 0.46f);
        var lean = height > 2 ? 0.16f : 0.34f;
        var (back, top) = (front - length, height);
        mesh.Box(back, front, half, floor, belt, paint);
        Vector3 P(float x, float y, float z) => new(x, y, z);
        var roofHalf = half * 0.93f;
        // Windscreen leaning back, side windows, roof, rear wall.
        mesh.Quad(P(front, -half, belt), P(front, half, belt), P(front - lean, roofHalf, top - 0.14f), P(front - lean, -roofHalf, top - 0.14f), paint);
        mesh.Quad(
            P(front + 0.015f, -half * 0.93f, belt + 0.06f), P(front + 0.015f, half * 0.93f, belt + 0.06f),
            P(front - lean + 0.05f, roofHalf * 0.93f, top - 0.24f), P(front - lean + 0.05f, -roofHalf * 0.93f, top - 0.24f), Surface.Glass);
        mesh.Quad(P(front, half, belt), P(back, half, belt), P(back, roofHalf, top - 0.1f), P(front - lean, roofHalf, top - 0.14f), paint);
        mesh.Quad(P(back, -half, belt), P(front, -half, belt), P(front - lean, -roofHalf, top - 0.14f), P(back, -roofHalf, top - 0.1f), paint);
        mesh.Quad(P(front - 0.14f, half + 0.01f, belt + 0.03f), P(back + 0.3f, half + 0.01f, belt + 0.03f), P(back + 0.3f, roofHalf + 0.02f, top - 0.3f), P(front - lean - 0.1f, roofHalf + 0.02f, top - 0.3f), Surface.Glass);
        mesh.Quad(P(back + 0.3f, -half - 0.01f, belt + 0.03f), P(front - 0.14f, -half - 0.01f, belt + 0.03f), P(front - lean - 0.1f, -roofHalf - 0.02f, top - 0.3f), P(back + 0.3f, -roofHalf - 0.02f, top - 0.3f), Surface.Glass);
        mesh.Quad(P(back, half, belt), P(back, -half, belt), P(back, -roofHalf, top - 0.1f), P(back, roofHalf, top - 0.1f), paint);
        mesh.Quad(P(front - lean, -roofHalf, top - 0.14f), P(front - lean, roofHalf, top - 0.14f), P(front - lean - 0.18f, roofHalf * 0.95f, top), P(front - lean - 0.18f, -roofHalf * 0.95f, top), paint);
        mesh.Quad(P(front - lean - 0.18f, -roofHalf * 0.95f, top), P(front - lean - 0.18f, roofHalf * 0.95f, top), P(back, roofHalf, top - 0.1f), P(back, -roofHalf, top - 0.1f), paint);
        var lampLow = floor + 0.12f;
        mesh.FacePlate(front + 0.015f, 1, -half * 0.5f, half * 0.5f, lampLow, lampLow + 0.22f, Surface.Black);
        mesh.FacePlate(front + 0.02f, 1, half * 0.58f, half * 0.86f, lampLow, lampLow + 0.2f, Surface.HeadLamp);
        mesh.FacePlate(front + 0.02f, 1, -half * 0.86f, -half * 0.58f, lampLow, lampLow + 0.2f, Surface.HeadLamp);
        mesh.FacePlate(front + 0.02f, 1, half * 0.86f, half, lampLow, lampLow + 0.2f, Surface.LeftIndicator);
        mesh.FacePlate(front + 0.02f, 1, -half, -half * 0.86f, lampLow, lampLow + 0.2f, Surface.RightIndicator);
        mesh.FacePlate(front + 0.03f, 1, -0.2f, 0.2f, floor + 0.02f, floor + 0.18f, Surface.Plate);
        mesh.Box(front - 0.3f, front + 0.012f, half, floor - 0.18f, floor, Surface.Grey);
        mesh.Box(new(front - 0.15f, half, belt + 0.1f), new(front - 0.02f, half + 0.2f, belt + 0.5f), Surface.Black);
        mesh.Box(new(front - 0.15f, -half - 0.2f, belt + 0.1f), new(front - 0.02f, -half, belt + 0.5f), Surface.Black);
    }

    private static void AddChassis(MeshBuilder mesh, float front, float half, float length)
    {
        var radius = length > 7 ? 0.46f : 0.38f;
        mesh.Wheels(front - 1.15f, half * 0.98f, radius, 0.26f);
        mesh.Wheels(-front + (length * 0.20f), half * 0.98f, radius, 0.5f);
        if (length > 7) mesh.Wheels(-front + (length * 0.20f) + 1.15f, half * 0.98f, radius, 0.5f);
        AddTailLamps(mesh, -front - 0.02f, half, 0.75f);
        mesh.Box(-front, -front + 0.1f, half * 0.9f, 0.45f, 0.62f, Surface.Grey);
    }

    private static void AddTailLamps(MeshBuilder mesh, float x, float half, float z)
    {
        mesh.FacePlate(x, -1, half * 0.62f, half * 0.84f, z, z + 0.17f, Surface.TailLamp);
        mesh.FacePlate(x, -1, -half * 0.84f, -half * 0.62f, z, z + 0.17f, Surface.TailLamp);
        mesh.FacePlate(x, -1, half * 0.84f, half * 0.98f, z, z + 0.17f, Surface.LeftIndicator);
        mesh.FacePlate(x, -1, -half * 0.98f, -half * 0.84f, z, z + 0.17f, Surface.RightIndicator);
        mesh.FacePlate(x, -1, -0.2f, 0.2f, z - 0.02f, z + 0.16f, Surface.Plate);
    }
}
