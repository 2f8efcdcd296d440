using TrafficFlow.Core.Detection;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.Synthetic.Truth;
using Xunit;

namespace TrafficFlow.SystemTests.Synthetic;

public class ObjectsOfTests
{
    private const int Width = 640;
    private const int Height = 360;

    private static readonly JunctionSettings s_street = JunctionSettings.Default with
    {
        Street = new StreetSettings { PedestriansPerHour = 900, CyclistsPerHour = 240, Parked = 16 },
    };

    [Fact]
    public void A_box_of_a_vehicle_lies_where_its_projected_block_lies()
    {
        var (camera, junction, picture) = Scene();
        using (picture)
        {
            var boxes = picture.ObjectsOf(junction).Where(o => o.Class != "person" && o.Class != "bicycle" && o.Id > 0).ToDictionary(o => o.Id, o => o.Box);
            Assert.True(boxes.Count > 5);
            foreach (var vehicle in junction.Vehicles.Where(v => v.Class != VehicleClass.Motorcycle && boxes.ContainsKey(v.Id)))
            {
                var (drawn, block) = (boxes[vehicle.Id], TrueBoxes.Of(camera, vehicle, Width, Height)!.Value);
                // Cut by the picture's edge the two kinds of box lose different parts.
                if (block.X < 1 || block.Y < 1 || block.Right > Width - 1 || block.Bottom > Height - 1) continue;
                Assert.True(drawn.IntersectionOverUnion(block) > 0.6, $"{vehicle.Shape}: drawn {drawn}, projected {block}");
            }
        }
    }

    [Fact]
    public void People_and_cyclists_hide_in_part_and_are_hidden()
    {
        var (_, junction, picture) = Scene();
        using (picture)
        {
            var seen = new List<TrueObject>();
            for (var i = 1; i <= 30; i++)
            {
                junction.AdvanceTo(TimeSpan.FromSeconds(60 + (3 * i)));
                seen.AddRange(picture.ObjectsOf(junction));
            }

            Assert.All(seen, o => Assert.InRange(o.Visible, 0, 1));
            Assert.All(seen, o => Assert.True(o.Box.X >= 0 && o.Box.Y >= 0 && o.Box.Right <= Width && o.Box.Bottom <= Height, $"{o}"));
            var (people, bicycles) = (seen.Where(o => o.Class == "person").ToList(), seen.Where(o => o.Class == "bicycle").ToList());
            Assert.True(people.Count > 100 && bicycles.Count > 10, $"{people.Count} people, {bicycles.Count} cyclists");
            Assert.Contains(people, o => o.Visible > 0.99);
            Assert.Contains(people, o => o.Visible is > 0.2 and < 0.8);
            Assert.Contains(seen, o => o.Visible < 0.05);
            Assert.Contains(seen, o => o.Id < 0);
        }
    }

    [Fact]
    public void Asking_what_is_in_a_picture_changes_no_picture()
    {
        var (_, junction, picture) = Scene();
        using (picture)
        {
            var (before, after) = (new byte[Width * Height * 3], new byte[Width * Height * 3]);
            picture.Paint(junction, 7, before);
            var objects = picture.ObjectsOf(junction);
            picture.Paint(junction, 7, after);
            Assert.Equal(before, after);
            Assert.Equal(objects, picture.ObjectsOf(junction));
        }
    }

    [Fact]
    public void Glare_dazzles_where_headlights_face_the_camera_and_only_when_they_are_lit()
    {
        var dazzled = Brightened(Lighting.Night);
        Assert.True(dazzled > 200, $"{dazzled} pixels are brighter");
        Assert.Equal(0, Brightened(Lighting.Day));

        static int Brightened(Lighting lighting)
        {
            var camera = JunctionCameras.Of(0, (double)Width / Height);
            using var plain = new JunctionPicture(camera, Width, Height, lighting, 1);
            using var glaring = new JunctionPicture(camera, Width, Height, lighting with { Glare = 1 }, 1);
            var junction = new JunctionSimulation(JunctionSettings.Default);
            junction.AdvanceTo(TimeSpan.FromSeconds(30));
            var (without, with) = (new byte[Width * Height * 3], new byte[Width * Height * 3]);
            plain.Paint(junction, 1, without);
            glaring.Paint(junction, 1, with);
            Assert.DoesNotContain(without.Zip(with, (a, b) => b - a), change => change < -1);
            return without.Zip(with, (a, b) => b - a).Count(change => change > 20) / 3;
        }
    }

    private static (ViewCamera Camera, JunctionSimulation Junction, JunctionPicture Picture) Scene()
    {
        var camera = JunctionCameras.Of(0, (double)Width / Height);
        var junction = new JunctionSimulation(s_street);
        junction.AdvanceTo(TimeSpan.FromSeconds(60));
        return (camera, junction, new JunctionPicture(camera, Width, Height, Lighting.Cloudy, 1));
    }
}
