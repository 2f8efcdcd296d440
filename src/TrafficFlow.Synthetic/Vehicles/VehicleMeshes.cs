using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Synthetic.Vehicles;

/// <summary>One mesh for each kind of vehicle, made when it is first seen. Not thread-safe: each picture has its own.</summary>
internal sealed class VehicleMeshes
{
    private readonly Dictionary<(BodyShape, double, double, double), Mesh> _meshes = [];

    public Mesh Of(in VehicleView v)
    {
        var key = (v.Shape, v.Length, v.Width, v.Height);
        if (!_meshes.TryGetValue(key, out var mesh)) _meshes[key] = mesh = Make(v.Shape, (float)v.Length, (float)v.Width, (float)v.Height);
        return mesh;
    }

    private static Mesh Make(BodyShape shape, float length, float width, float height) => shape switch
    {
        BodyShape.Kei => CarBody.Build(CarBody.Kei, length, width, height),
        BodyShape.Hatchback => CarBody.Build(CarBody.Hatchback, length, width, height),
        BodyShape.Sedan => CarBody.Build(CarBody.Sedan, length, width, height),
        BodyShape.Suv => CarBody.Build(CarBody.Suv, length, width, height),
        BodyShape.Minivan => CarBody.Build(CarBody.Minivan, length, width, height),
        BodyShape.Van => CarBody.Build(CarBody.Van, length, width, height),
        BodyShape.KeiVan => CarBody.Build(CarBody.KeiVan, length, width, height),
        BodyShape.KeiTruck => LargeBodies.KeiTruck(length, width, height),
        BodyShape.BoxTruck => LargeBodies.BoxTruck(length, width, height),
        BodyShape.DumpTruck => LargeBodies.DumpTruck(length, width, height),
        BodyShape.RouteBus => LargeBodies.RouteBus(length, width, height),
        BodyShape.Motorcycle => TwoWheelers.Build(length, height, false),
        BodyShape.Scooter => TwoWheelers.Build(length, height, true),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "no such body"),
    };
}
