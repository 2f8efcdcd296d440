using System.Numerics;
using TrafficFlow.Simulation;
using TrafficFlow.Vision.Synthetic.Vehicles;

namespace TrafficFlow.Vision.Synthetic.People;

/// <summary>Puts one person's mesh into the canvas: cloth and skin are dull, so daylight from above and the sun are all that lights them.</summary>
internal sealed class PersonPainter(ViewCamera camera, Lighting lighting, Canvas canvas)
{
    private readonly ToneCurve _tone = new(lighting.Exposure);
    private readonly Vector3[] _albedos = new Vector3[Enum.GetValues<Surface>().Length];
    private Vector3[] _seen = new Vector3[1024];
    private Vector3[] _colours = new Vector3[1024];

    /// <param name="sunShare">Part of the sun that reaches the person, 0..1.</param>
    /// <param name="mirrored">The image in the wet road, upside down below.</param>
    public void Paint(in PersonView p, Mesh mesh, float sunShare, bool mirrored = false)
    {
        if (_seen.Length < mesh.Places.Length) (_seen, _colours) = (new Vector3[mesh.Places.Length], new Vector3[mesh.Places.Length]);
        Dress(p);
        var ahead = new Vector3((float)Math.Cos(p.HeadingRadians), (float)Math.Sin(p.HeadingRadians), 0);
        var left = new Vector3(-ahead.Y, ahead.X, 0);
        var feet = new Vector3((float)p.Place.X, (float)p.Place.Y, 0);
        var scale = (float)p.Height / PersonBody.HeightOf(p.Build);
        var (right, down, forward) = (camera.Right, camera.Down, camera.Forward);
        var (wide, high) = (canvas.Width, canvas.Height);
        var focal = camera.FocalShare * wide;
        // A person is small beside the distance of a lamp: one direction and strength serve the whole body.
        var lamps = lighting.LampsOn ? StreetLamps.Field(feet + Vector3.UnitZ) : default;
        for (var i = 0; i < mesh.Places.Length; i++)
        {
            var at = mesh.Places[i] * scale;
            var from = feet + (ahead * at.X) + (left * at.Y) + (Vector3.UnitZ * (mirrored ? -at.Z : at.Z)) - camera.Position;
            var depth = Vector3.Dot(from, forward);
            if (depth < 1) return;
            var near = 1 / depth;
            _seen[i] = new Vector3((0.5f * wide) + (focal * Vector3.Dot(from, right) * near), (0.5f * high) + (focal * Vector3.Dot(from, down) * near), near);
            var n = mesh.Normals[i];
            var normal = (ahead * n.X) + (left * n.Y) + (Vector3.UnitZ * n.Z);
            var light = Light(_albedos[(int)mesh.Surfaces[i]], normal, at.Z, sunShare, lamps);
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

    private void Dress(in PersonView p)
    {
        _albedos[(int)Surface.Skin] = Albedo.Of(p.Clothes.Skin);
        _albedos[(int)Surface.Hair] = Albedo.Of(p.Clothes.Hair);
        _albedos[(int)Surface.Upper] = Albedo.Of(p.Clothes.Upper);
        _albedos[(int)Surface.Lower] = Albedo.Of(p.Clothes.Lower);
        _albedos[(int)Surface.Shoe] = Albedo.Of(p.Clothes.Shoes);
        _albedos[(int)Surface.Bag] = (Albedo.Of(p.Clothes.Shoes) + Albedo.Of(p.Umbrella)) * 0.5f;
        _albedos[(int)Surface.Umbrella] = Albedo.Of(p.Umbrella);
        _albedos[(int)Surface.Black] = new Vector3(0.02f);
        _albedos[(int)Surface.Grey] = new Vector3(0.2f);
    }
}
