using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Node.Settings.HoconParsing;
using TrafficFlow.Node.SiteEditing;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.SiteEditing;

/// <summary>A draft is written into the text of a site file, and nothing else of it changes.</summary>
public sealed class SiteFilePatchTests
{
    private const string Commented = """
        # The crossing by the harbour.
        trafficflow.site {
          id = a
          time-zone = "Asia/Tokyo"   # clock of the wall
          approaches { north { name = "Road 北" }, south {} }
          cameras {
            cam1 {
              source = "rtsp://root:secret@cam1.example/axis"
              frame { width = 640, height = 360, fps = 10 }
              masks = [
                [[0, 0], [1, 0], [1, 0.2]]   # the balcony
                [[0.5, 0.5], [0.6, 0.5], [0.6, 0.6]]   # a window
              ]
              gates {
                # Measured in May.
                in { from = [0.10, 0.60], to = [0.45, 0.60], forward = { enters = north } }   # before the stop line
                out {
                  from = [0.55, 0.90]  # kerb
                  to = [0.95, 0.90]
                }
              }
              ground = [
                { image = [0.2, 0.8], metres = [388123.5, -3.25] }, # manhole
                { image = [0.8, 0.8], metres = [388133.5, -3.25] },
                { image = [0.7, 0.3], metres = [388133.5, 26.75] },
                { image = [0.3, 0.3], metres = [388123.5, 26.75] }  # lamp
              ]
            }
          }
        }

        """;

    public static TheoryData<string> Shipped => [.. Directory.GetFiles(Path.Combine(SharedFiles.Repository, "hocon", "sites")).Select(Path.GetFileName).OfType<string>()];

    [Fact]
    public void What_is_recorded_stays_as_it_is_written()
    {
        var recorded = Commented.Replace("  approaches {", "  # Asked for by the city.\n  recording { record = on, segment = 30s }\n  approaches {", StringComparison.Ordinal)
            .Replace("      masks = [", "      recording { record = off } # the school\n      masks = [", StringComparison.Ordinal);

        Assert.Equal(recorded.Replace("to = [0.45, 0.60]", "to = [0.5, 0.61]"), Patch(recorded, c => c.Move(Gate(0), 1, new(0.5, 0.61))));
    }

    [Fact]
    public void Only_what_was_moved_is_written_anew()
    {
        var patched = Patch(Commented, c => c.Move(Gate(0), 1, new(0.5, 0.61)).Move(Gate(1), 0, new(0.56, 0.9)).Move(new ShapeRef(ShapeKind.Mask, 1), 2, new(0.61, 0.6)).Put(c.Ground[1] with { NorthMetres = -3.5 }));

        Assert.Equal(
            Commented.Replace("to = [0.45, 0.60]", "to = [0.5, 0.61]").Replace("from = [0.55, 0.90]", "from = [0.56, 0.9]")
                .Replace("[[0.5, 0.5], [0.6, 0.5], [0.6, 0.6]]", "[[0.5, 0.5], [0.6, 0.5], [0.61, 0.6]]").Replace("metres = [388133.5, -3.25]", "metres = [388133.5, -3.5]"),
            patched);
    }

    [Fact]
    public void What_is_added_stands_in_the_form_of_what_is_there()
    {
        var patched = Patch(Commented, c => c.AddGate(new(0.1, 0.1), new(0.2, 0.1), out _).AddMask([new(0, 0.9), new(0.1, 0.9), new(0.1, 1)], out _).AddGround(new(0.5, 0.5), 388128, 10, out _)
            .Put(c.Gates[1] with { Backward = new GateMeaning(GateRole.Exits, new ApproachId("south")) }));

        Assert.Contains("# a window\n        [[0, 0.9], [0.1, 0.9], [0.1, 1]]\n      ]", patched);
        Assert.Contains("to = [0.95, 0.90]\n          backward = { exits = south }\n        }\n        gate-1 { from = [0.1, 0.1], to = [0.2, 0.1] }\n      }", patched);
        Assert.Contains("metres = [388123.5, 26.75] },  # lamp\n        { image = [0.5, 0.5], metres = [388128, 10] }\n      ]", patched);
        Assert.Empty(ConfComments.Lost(Commented, patched));
    }

    [Fact]
    public void What_is_removed_goes_with_its_own_comment_and_that_is_told()
    {
        var patched = Patch(Commented, c => c.Remove(Gate(0)).Remove(new ShapeRef(ShapeKind.Mask, 0)).Remove(new ShapeRef(ShapeKind.Ground, 3)));

        Assert.Equal(["# the balcony", "# before the stop line"], ConfComments.Lost(Commented, patched).Take(2));
        Assert.Contains("gates {\n        # Measured in May.\n        out {", patched);
        Assert.Contains("masks = [\n        [[0.5, 0.5], [0.6, 0.5], [0.6, 0.6]]   # a window\n      ]", patched);
    }

    [Theory]
    [InlineData("0", "b {from=[0,0],to=[1,1]}, c {from=[0,0],to=[1,1]}")]
    [InlineData("0 1", "c {from=[0,0],to=[1,1]}")]
    [InlineData("0 2", "b {from=[0,0],to=[1,1]}")]
    [InlineData("1 2", "a {from=[0,0],to=[1,1]}")]
    [InlineData("0 1 2", "")]
    public void Gates_of_one_line_are_removed_with_their_commas(string removed, string left)
    {
        const string Line = "trafficflow.site { cameras { cam1 { gates { a {from=[0,0],to=[1,1]}, b {from=[0,0],to=[1,1]} , c {from=[0,0],to=[1,1]} } } } }";

        var patched = Patch(Line, c => removed.Split(' ').Aggregate(c, (camera, i) => camera.Remove(new ShapeRef(ShapeKind.Gate, c.Gates[int.Parse(i, System.Globalization.CultureInfo.InvariantCulture)].Key))));

        Assert.Equal($"trafficflow.site{{cameras{{cam1{{gates{{{left.Replace(" ", "", StringComparison.Ordinal)}}}}}}}}}", patched.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_corner_finer_than_the_mouse_draws_is_kept_as_it_is()
    {
        var text = Commented.Replace("[0.6, 0.5]", "[0.612345, 0.5]", StringComparison.Ordinal);

        Assert.Contains("[[0.5, 0.5], [0.612345, 0.5], [0.61, 0.6]]", Patch(text, c => c.Move(new ShapeRef(ShapeKind.Mask, 1), 2, new(0.61, 0.6))));
    }

    [Fact]
    public void Approaches_are_renamed_with_the_gates_that_name_them()
    {
        var began = SiteDraftReader.Parse(Commented)!;

        var patched = Patch(Commented, began.RenameApproach(0, "harbour").AddApproach());

        Assert.Contains("approaches { harbour { name = \"Road 北\" }, south {}, approach-1 {} }", patched);
        Assert.Contains("forward = { enters = harbour } }   # before the stop line", patched);
    }

    [Theory]
    [InlineData("""trafficflow.site.cameras.cam1 { gates.in.from = [0, 0], gates.in.to = [1, 1] }""")]
    [InlineData("""trafficflow.site { cameras { cam1.gates { in { from = [0, 0], to = [1, 1] } } } }""")]
    public void A_file_that_is_written_in_another_way_is_patched_right_or_refused(string text)
    {
        try
        {
            var patched = Patch(text, c => c.Move(Gate(0), 0, new(0.5, 0.5)).AddGate(new(0.1, 0.1), new(0.2, 0.1), out _));
            Assert.Equal(["in", "gate-1"], SiteDraftReader.Parse(patched)!.Cameras[0].Gates.Select(g => g.Id));
        }
        catch (SiteFileException refused)
        {
            Assert.Contains("written", refused.Message);
        }
    }

    /// <summary>Every shape of the shipped files moved, removed, doubled, all at once and one by one: what is read again is what was drawn, and all else is as it was.</summary>
    [Theory]
    [MemberData(nameof(Shipped))]
    public void Whatever_is_drawn_on_a_shipped_site_is_read_back_from_its_file(string file)
    {
        var text = File.ReadAllText(Path.Combine(SharedFiles.Repository, "hocon", "sites", file));
        var began = SiteDraftReader.Parse(text)!;
        Assert.Equal(text, Patch(text, began));
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var draft = began;
            for (var step = random.Next(1, 8); step > 0; step--) draft = Change(draft, random);
            // It throws where what it has written does not read as the draft.
            var patched = Patch(text, draft);
            Assert.Equal(OfOthers(text), OfOthers(patched));
            Assert.Equal(ConfComments.Of(text).Count - ConfComments.Lost(text, patched).Count, ConfComments.Of(patched).Count);
        }
    }

    /// <summary>Lines that nothing can be drawn in.</summary>
    private static IEnumerable<string> OfOthers(string text) => text.Split('\n').Where(l => l.Contains("source =") || l.Contains("frame {") || l.Contains("time-zone") || l.TrimStart().StartsWith('#'));

    private static SiteDraft Change(SiteDraft draft, Random random)
    {
        var camera = draft.Cameras[random.Next(draft.Cameras.Length)];
        var point = new PicturePoint(Math.Round(random.NextDouble(), 4), Math.Round(random.NextDouble(), 4));
        var shapes = camera.Gates.Select(g => new ShapeRef(ShapeKind.Gate, g.Key)).Concat(camera.Masks.Select(m => new ShapeRef(ShapeKind.Mask, m.Key))).Concat(camera.Ground.Select(g => new ShapeRef(ShapeKind.Ground, g.Key))).ToList();
        var shape = shapes.Count == 0 ? default : shapes[random.Next(shapes.Count)];
        return random.Next(8) switch
        {
            0 => draft.With(camera.AddGate(point, new(0.5, 0.5), out _)),
            1 => draft.With(camera.AddMask([point, new(0.5, 0.5), new(0.1, 0.9)], out _)),
            2 => draft.With(camera.AddGround(point, random.Next(-100, 100) / 4.0, 7.125, out _)),
            3 => draft.With(camera.Remove(shape)),
            4 => draft.AddApproach(),
            5 when camera.Gates.Length > 0 => draft.With(camera.Put(camera.Gates[^1] with { Forward = null, Backward = new GateMeaning(GateRole.Exits, new ApproachId("some where")), Id = $"g{random.Next(99)}x{random.Next(99)}" })),
            6 when draft.Approaches.Length > 0 => draft.RenameApproach(draft.Approaches[0].Key, $"a{random.Next(99)}x{random.Next(99)}"),
            _ => draft.With(camera.Move(shape, 0, point)),
        };
    }

    private static ShapeRef Gate(int key) => new(ShapeKind.Gate, key);

    private static string Patch(string text, Func<CameraDraft, CameraDraft> change) => Patch(text, Changed(SiteDraftReader.Parse(text)!, change));

    private static SiteDraft Changed(SiteDraft began, Func<CameraDraft, CameraDraft> change) => began.With(change(began.Cameras[0]));

    private static string Patch(string text, SiteDraft draft) => SiteFilePatch.Apply(text, ConfParser.Parse("", text, (_, _) => null, new ConfMerge([])), SiteDraftReader.Parse(text)!, draft);
}
