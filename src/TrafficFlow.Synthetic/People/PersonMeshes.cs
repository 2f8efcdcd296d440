using TrafficFlow.Simulation.People;
using TrafficFlow.Synthetic.Vehicles;

namespace TrafficFlow.Synthetic.People;

/// <summary>One mesh for each shape and moment of the walk, made when it is first seen. Not thread-safe: each picture has its own.</summary>
/// <param name="isRaining">Umbrellas are open.</param>
internal sealed class PersonMeshes(bool isRaining)
{
    private readonly Dictionary<PersonShape, Mesh> _meshes = [];
    private readonly Dictionary<(int Step, bool HasHat), Mesh> _cyclists = [];

    public Mesh Of(in PersonView p)
    {
        var step = p.Speed > 0 ? (int)(p.Stride * PersonBody.Steps) % PersonBody.Steps : -1;
        var shape = new PersonShape(p.Build, step, p.Clothes.IsCoat, p.Clothes.HasHat, p.Carried, isRaining && p.HasUmbrella);
        if (!_meshes.TryGetValue(shape, out var mesh)) _meshes[shape] = mesh = PersonBody.Build(shape);
        return mesh;
    }

    public Mesh Of(in CyclistView c)
    {
        var key = ((int)(c.Pedal * CyclistBody.Steps) % CyclistBody.Steps, c.Clothes.HasHat);
        if (!_cyclists.TryGetValue(key, out var mesh)) _cyclists[key] = mesh = CyclistBody.Build(key.Item1, key.HasHat);
        return mesh;
    }
}
