using System.Numerics;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.Synthetic.Vehicles;

namespace TrafficFlow.Synthetic.People;

/// <summary>Puts one figure's mesh into the canvas: cloth and skin are dull, so daylight from above and the sun are all that lights them.</summary>
internal sealed class PersonPainter(ViewCamera camera, Lighting lighting, Canvas canvas)
{
    private readonly ToneCurve _tone = new(lighting.Exposure);
    private readonly Vector3[] _albedos = new Vector3[Enum.GetValues<Surface>().Length];
    private Vector3[] _seen = new Vector3[1024];
    private Vector3[] _colours = new Vector3[1024];

    /// <param name="sunShare">Part of the sun that reaches the person, 0..1.</param>
    /// <param name="mirrored">The image in the wet road, upside down below.</param>
    public void Paint(in Figure figure, Mesh mesh, float sunShare, bool mirrored = false)
    {
        if (_seen.Length < mesh.Places.Length) (_seen, _colours) = (new Vector3[mesh.Places.Length], new Vector3[mesh.Places.Length]);
        Dress(figure);
        var placement = new Placement(camera, canvas, figure.Place, figure.Heading, figure.Scale, mirrored);
        // A person is small beside the distance of a lamp: one direction and strength serve the whole body.
        var lamps = lighting.LampsOn ? StreetLamps.Field(new Vector3((float)figure.Place.X, (float)figure.Place.Y, 1)) : default;
        for (var i = 0; i < mesh.Places.Length; i++)
        {
            if (!placement.TrySee(mesh.Places[i], out _seen[i])) return;
            var light = Light(_albedos[(int)mesh.Surfaces[i]], placement.Turn(mesh.Normals[i]), mesh.Places[i].Z, sunShare, lamps);
            _colours[i] = new Vector3(_tone.Encode(light.Z), _tone.Encode(light.Y), _tone.Encode(light.X));
        }

        var triangles = mesh.Triangles;
        for (var i = 0; i < triangles.Length; i += 3)
        {
            var (a, b, c) = (triangles[i], triangles[i + 1], triangles[i + 2]);
            // A mirror turns faces over.
            if (mirrored) (b, c) = (c, b);
            canvas.Fill(_seen[a], _seen[b], _seen[c], _colours[a], _colours[b], _colours[c]);
        }
    }

    private Vector3 Light(Vector3 albedo, Vector3 normal, float z, float sunShare, LampField lamps)
    {
        var sun = MathF.Max(0, Vector3.Dot(normal, lighting.ToSun)) * sunShare;
        var open = 0.6f + (0.4f * Math.Clamp(z / 0.6f, 0, 1));
        var sky = open * (0.5f + (0.5f * normal.Z));
        var ground = 0.2f * open * (0.5f - (0.5f * normal.Z));
        return albedo * ((lighting.Sun * sun) + (lighting.Sky * sky) + ((lighting.Sky + (lighting.Sun * sunShare)) * ground)
            + (lamps.Colour * MathF.Max(0.12f, Vector3.Dot(normal, lamps.To))));
    }

    private void Dress(in Figure figure)
    {
        var (clothes, other) = (figure.Clothes, Albedo.Of(figure.Other));
        _albedos[(int)Surface.Skin] = Albedo.Of(clothes.Skin);
        _albedos[(int)Surface.Hair] = Albedo.Of(clothes.Hair);
        _albedos[(int)Surface.Upper] = Albedo.Of(clothes.Upper);
        _albedos[(int)Surface.Lower] = Albedo.Of(clothes.Lower);
        _albedos[(int)Surface.Shoe] = Albedo.Of(clothes.Shoes);
        _albedos[(int)Surface.Bag] = (Albedo.Of(clothes.Shoes) + other) * 0.5f;
        (_albedos[(int)Surface.Umbrella], _albedos[(int)Surface.Paint]) = (other, other);
        _albedos[(int)Surface.Black] = new Vector3(0.02f);
        _albedos[(int)Surface.Grey] = new Vector3(0.2f);
    }
}
