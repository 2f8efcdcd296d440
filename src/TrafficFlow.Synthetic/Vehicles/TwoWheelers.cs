namespace TrafficFlow.Synthetic.Vehicles;

/// <summary>Motorcycles and scooters, each with its rider.</summary>
internal static class TwoWheelers
{
    public static Mesh Build(float length, float height, bool isScooter)
    {
        var mesh = new MeshBuilder();
        var radius = isScooter ? 0.23f : 0.31f;
        var axle = (length / 2) - radius;
        mesh.Wheels(axle, 0.06f, radius, 0.12f);
        mesh.Wheels(-axle, 0.07f, radius, 0.14f);
        mesh.Box(-axle * 0.9f, axle * 0.75f, 0.13f, 0.3f, 0.55f, isScooter ? Surface.Paint : Surface.Black);
        mesh.Box(-length * 0.46f, 0.0f, 0.15f, 0.55f, 0.78f, isScooter ? Surface.Paint : Surface.Black);
        mesh.Box(0.02f, length * 0.26f, 0.17f, 0.6f, isScooter ? 0.72f : 0.92f, Surface.Paint);
        mesh.Box(length * 0.26f, length * 0.38f, isScooter ? 0.2f : 0.15f, 0.45f, 1.0f, Surface.Paint);
        mesh.Box(length * 0.22f, length * 0.27f, 0.36f, 1.0f, 1.05f, Surface.Black);
        mesh.FacePlate((length * 0.38f) + 0.01f, 1, -0.1f, 0.1f, 0.78f, 0.95f, Surface.HeadLamp);
        mesh.FacePlate(-(length * 0.46f) - 0.01f, -1, -0.1f, 0.1f, 0.62f, 0.76f, Surface.TailLamp);
        AddRider(mesh, -length * 0.06f, height);
        return mesh.Build();
    }

    private static void AddRider(MeshBuilder mesh, float x, float height)
    {
        // Legs, trunk leaning forwards, arms to the handlebar, helmet.
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            var (y0, y1) = side > 0 ? (0.12f, 0.28f) : (-0.28f, -0.12f);
            mesh.Box(new(x - 0.15f, y0, 0.7f), new(x + 0.35f, y1, 0.9f), Surface.Black);
            mesh.Box(new(x + 0.2f, y0, 0.32f), new(x + 0.36f, y1, 0.78f), Surface.Black);
            var (a0, a1) = side > 0 ? (0.2f, 0.32f) : (-0.32f, -0.2f);
            mesh.Box(new(x, a0, 1.08f), new(x + 0.42f, a1, 1.22f), Surface.Cloth);
        }

        mesh.Ball(new(x - 0.02f, 0, 1.08f), new(0.19f, 0.24f, 0.32f), Surface.Cloth, 8, 5);
        mesh.Ball(new(x + 0.1f, 0, height - 0.15f), new(0.16f, 0.14f, 0.16f), Surface.SecondPaint, 8, 5);
        mesh.FacePlate(x + 0.27f, 1, -0.09f, 0.09f, height - 0.2f, height - 0.1f, Surface.Black);
    }
}
