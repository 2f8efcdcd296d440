using TrafficFlow.Node.Settings;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.Synthetic;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

/// <summary>Each row changes one thing in a good site file, and names the one line that must come back.</summary>
public sealed class BadSiteTests : IDisposable
{
    private const string Cam = "trafficflow.site.cameras.cam1";

    private readonly SettingsFolder _folder = new();

    public static TheoryData<string, string, string> Cases => new()
    {
        {
            "id = a", "id = Kokandori",
            "3: trafficflow.site.id: \"Kokandori\" is not an identifier; use a-z, 0-9, _ and -, beginning with a letter or a figure, at most 64 characters"
        },
        {
            "id = a", "id = \"a/b\"",
            "3: trafficflow.site.id: \"a/b\" is not an identifier; use a-z, 0-9, _ and -, beginning with a letter or a figure, at most 64 characters"
        },
        { "  id = a", "  # no id", "2: trafficflow.site.id: is missing; name the site, for example id = kokandori" },
        { "Asia/Tokyo", "Asia/Tokio", "5: trafficflow.site.time-zone: \"Asia/Tokio\" is not a time zone; did you mean \"Asia/Tokyo\"?" },
        { "Asia/Tokyo", "Mars", "5: trafficflow.site.time-zone: \"Mars\" is not a time zone; use an IANA name such as \"Asia/Tokyo\"" },
        {
            "Asia/Tokyo", "../../etc/passwd",
            "5: trafficflow.site.time-zone: \"../../etc/passwd\" is not a time zone; use an IANA name such as \"Asia/Tokyo\""
        },
        {
            "  time-zone = \"Asia/Tokyo\"", "",
            "2: trafficflow.site.time-zone: is missing; set the site's time zone, for example \"Asia/Tokyo\""
        },
        { "fps = 12.5", "fps = 0", $"13: {Cam}.frame.fps: 0 is out of range; set a number from 0.1 to 120 (frames per second)" },
        { "fps = 12.5", "fps = 121", $"13: {Cam}.frame.fps: 121 is out of range; set a number from 0.1 to 120 (frames per second)" },
        { "fps = 12.5", "fps = -10", $"13: {Cam}.frame.fps: -10 is out of range; set a number from 0.1 to 120 (frames per second)" },
        { "fps = 12.5", "fps = fast", $"13: {Cam}.frame.fps: \"fast\" is not a number; set a number from 0.1 to 120 (frames per second)" },
        { "fps = 12.5", "fps = NaN", $"13: {Cam}.frame.fps: \"NaN\" is not a number; set a number from 0.1 to 120 (frames per second)" },
        {
            "fps = 12.5", "fps = 1e999",
            $"13: {Cam}.frame.fps: \"1e999\" is not a number; set a number from 0.1 to 120 (frames per second)"
        },
        { "fps = 12.5", "fps = [10]", $"13: {Cam}.frame.fps: is not a number; set a number from 0.1 to 120 (frames per second)" },
        { ", fps = 12.5", "", $"13: {Cam}.frame.fps: is missing; set a number from 0.1 to 120 (frames per second)" },
        { "width = 640", "width = 31", $"13: {Cam}.frame.width: 31 is out of range; set a number from 32 to 4096 (pixels)" },
        { "width = 640", "width = 4097", $"13: {Cam}.frame.width: 4097 is out of range; set a number from 32 to 4096 (pixels)" },
        { "width = 640", "width = 640.5", $"13: {Cam}.frame.width: 640.5 is not a whole number; set a number from 32 to 4096 (pixels)" },
        { "height = 360", "height = 360 px", $"13: {Cam}.frame.height: \"360 px\" is not a number; set a number from 32 to 4096 (pixels)" },
        {
            "frame { width = 640, height = 360, fps = 12.5 }", "",
            $"11: {Cam}.frame: is missing; add frame {{ width = 640, height = 360, fps = 10 }}"
        },
        { "frame { width = 640, height = 360, fps = 12.5 }", "frame = 640x360", $"13: {Cam}.frame: is not a section; write frame {{ … }}" },
        { "detector = default", "detector = yolo", $"14: {Cam}.detector: there is no detector \"yolo\"; known detectors: default, motion, vehicles" },
        { "detector = default", "detector = moton", $"14: {Cam}.detector: there is no detector \"moton\"; did you mean motion?" },
        { "detector = default", "detectr = default", $"14: {Cam}.detectr: is not a known key; did you mean detector?" },
        {
            "rtsp://root:secret@cam1.example/axis-media/media.amp", "rtsps://root:secret@cam1.example/x",
            $"12: {Cam}.source: rtsps://cam1.example/x cannot be opened; the camera offers encrypted RTP (SRTP with MIKEY keys, as Axis does behind rtsps://), which ffmpeg does not speak: use https://HOST/axis-cgi/media.cgi, or rtsp:// inside a VPN"
        },
        {
            "rtsp://root:secret@cam1.example/axis-media/media.amp", "ftp://cam1/x",
            $"12: {Cam}.source: ftp:// is not supported; use rtsp://, http://, https://, a video file, /dev/videoN, synthetic:NAME or replay:NAME"
        },
        {
            "rtsp://root:secret@cam1.example/axis-media/media.amp", "file:///srv/a.mp4",
            $"12: {Cam}.source: file:// is not supported; write the path without file://"
        },
        {
            "rtsp://root:secret@cam1.example/axis-media/media.amp", "rtsp://",
            $"12: {Cam}.source: rtsp:// is not an address; write rtsp://HOST/PATH; percent-encode :, / and @ in a password"
        },
        {
            "rtsp://root:secret@cam1.example/axis-media/media.amp", "rtsp://root:sec/ret@cam1.example/x",
            $"12: {Cam}.source: rtsp://cam1.example/x: the password holds the character /, which means something else in an address; write %2F for /"
        },
        {
            "rtsp://root:secret@cam1.example/axis-media/media.amp", "synthetic:",
            $"12: {Cam}.source: synthetic: is no synthetic camera; {SyntheticSource.Form}"
        },
        {
            "rtsp://root:secret@cam1.example/axis-media/media.amp", "replay:simulation?speed=2000",
            $"12: {Cam}.source: replay:simulation?speed=2000 has the option \"speed=2000\"; {ReplaySource.Form}"
        },
        {
            "rtsp://root:secret@cam1.example/axis-media/media.amp", "replay:/nowhere",
            $"12: {Cam}.source: there is no folder /nowhere; name a folder of trajectory files, or write replay:simulation"
        },
        { "rtsp://root:secret@cam1.example/axis-media/media.amp", "", $"12: {Cam}.source: is not a text; write one value" },
        {
            "\"rtsp://root:secret@cam1.example/axis-media/media.amp\"", "rtsp://cam1.example/x",
            "12: found \":\" in a value without quotes; put the value in double quotes"
        },
        {
            "from = [0.10, 0.60]", "from = [1.10, 0.60]",
            $"17: {Cam}.gates.n-in.from[0]: 1.10 is out of range; set a number from 0 to 1 (fraction of the picture's width)"
        },
        {
            "from = [0.10, 0.60]", "from = [0.10, -0.01]",
            $"17: {Cam}.gates.n-in.from[1]: -0.01 is out of range; set a number from 0 to 1 (fraction of the picture's height)"
        },
        {
            "from = [0.10, 0.60]", "from = [0.10]",
            $"17: {Cam}.gates.n-in.from: is not a point; write [x, y] as fractions of the picture, 0..1, x to the right and y down"
        },
        {
            "from = [0.10, 0.60]", "from = [0.10, 0.60, 0.70]",
            $"17: {Cam}.gates.n-in.from: is not a point; write [x, y] as fractions of the picture, 0..1, x to the right and y down"
        },
        {
            "from = [0.10, 0.60]", "from = 0.10",
            $"17: {Cam}.gates.n-in.from: is not a point; write [x, y] as fractions of the picture, 0..1, x to the right and y down"
        },
        {
            "from = [0.10, 0.60]", "from = [a, 0.60]",
            $"17: {Cam}.gates.n-in.from[0]: \"a\" is not a number; set a number from 0 to 1 (fraction of the picture's width)"
        },
        {
            "from = [0.10, 0.60], ", " ",
            $"17: {Cam}.gates.n-in.from: is missing; write [x, y] as fractions of the picture, 0..1, x to the right and y down"
        },
        {
            "from = [0.10, 0.60]", "from = [0.45, 0.60]",
            $"17: {Cam}.gates.n-in.to: is where the gate begins; draw the gate across the carriageway, from one side to the other"
        },
        {
            "from = [0.10, 0.60]", "from = [0.448, 0.60]",
            $"17: {Cam}.gates.n-in.to: is where the gate begins; draw the gate across the carriageway, from one side to the other"
        },
        { "enters = north", "enters = nort", $"17: {Cam}.gates.n-in.forward.enters: there is no approach \"nort\"; did you mean north?" },
        {
            "enters = north", "enters = west",
            $"17: {Cam}.gates.n-in.forward.enters: there is no approach \"west\"; approaches of this site: north, south"
        },
        {
            "enters = north", "enters = north, exits = south",
            $"17: {Cam}.gates.n-in.forward: has both enters and exits; write one of enters = APPROACH and exits = APPROACH, or remove it"
        },
        {
            "enters = north", "",
            $"17: {Cam}.gates.n-in.forward: has neither enters nor exits; write one of enters = APPROACH and exits = APPROACH, or remove it"
        },
        { "forward = { enters = north }", "forward = north", $"17: {Cam}.gates.n-in.forward: is not a section; write forward {{ … }}" },
        {
            "forward = { enters = north }", "foward = { enters = north }",
            $"17: {Cam}.gates.n-in.foward: is not a known key; did you mean forward?"
        },
        {
            "n-in {", "N-in {",
            $"17: {Cam}.gates.N-in: \"N-in\" is not an identifier; use a-z, 0-9, _ and -, beginning with a letter or a figure, at most 64 characters"
        },
        {
            "n-in {", "\"n in\" {",
            $"17: {Cam}.gates.\"n in\": \"n in\" is not an identifier; use a-z, 0-9, _ and -, beginning with a letter or a figure, at most 64 characters"
        },
        { "s_out {", "n-in {", $"18: {Cam}.gates.n-in: stands twice, first in line 17; give each its own name, or remove one" },
        {
            "cam1 {", "Cam1 {",
            "11: trafficflow.site.cameras.Cam1: \"Cam1\" is not an identifier; use a-z, 0-9, _ and -, beginning with a letter or a figure, at most 64 characters"
        },
        { "south {}", "south { nam = x }", "8: trafficflow.site.approaches.south.nam: is not a known key; did you mean name?" },
        {
            "[[0, 0], [1, 0], [1, 0.2], [0, 0.2]]", "[[0, 0], [1, 0]]",
            $"15: {Cam}.masks[0]: has 2 points; write at least three points: [ [x,y], [x,y], [x,y] ]"
        },
        {
            "[[0, 0], [1, 0], [1, 0.2], [0, 0.2]]", "[[0, 0], [1, 0], [0.5, 0]]",
            $"15: {Cam}.masks[0]: has no area; draw it around what is to be blackened"
        },
        {
            "[[0, 0], [1, 0], [1, 0.2], [0, 0.2]]", "[[0, 0], [1, 0], [1, 2]]",
            $"15: {Cam}.masks[0][2][1]: 2 is out of range; set a number from 0 to 1 (fraction of the picture's height)"
        },
        {
            "[[0, 0], [1, 0], [1, 0.2], [0, 0.2]]", "[[0, 0], [1, 0], [0.1, 0.2], [0.9, 0.3]]",
            $"15: {Cam}.masks[0]: crosses itself, so that a part of it would stay visible; put its points in order around it"
        },
        {
            "[[0, 0], [1, 0], [1, 0.2], [0, 0.2]]", "\"top\"",
            $"15: {Cam}.masks[0]: is not a polygon; write at least three points: [ [x,y], [x,y], [x,y] ]"
        },
        {
            "[[0, 0], [1, 0], [1, 0.2], [0, 0.2]]", "[[0, 0], [1, 0], [1]]",
            $"15: {Cam}.masks[0][2]: is not a point; write [x, y] as fractions of the picture, 0..1, x to the right and y down"
        },
        { "masks = [ [[0, 0], [1, 0], [1, 0.2], [0, 0.2]] ]", "masks = top", $"15: {Cam}.masks: is not a list; write masks = [ … ]" },
        {
            "{ image = [0.2, 0.8], metres = [388123.5, -3.25] }", "",
            $"20: {Cam}.ground: has 3 points; survey 4 to 40 points, or remove it: then there are no metres and no km/h"
        },
        {
            "image = [0.2, 0.8]", "image = [2, 0.8]",
            $"21: {Cam}.ground[0].image[0]: 2 is out of range; set a number from 0 to 1 (fraction of the picture's width)"
        },
        {
            "metres = [388123.5, -3.25]", "metres = [388123.5]",
            $"21: {Cam}.ground[0].metres: is not a pair of numbers; write [east, north] in metres"
        },
        {
            "metres = [388123.5, -3.25]", "metres = [388123.5, far]",
            $"21: {Cam}.ground[0].metres[1]: \"far\" is not a number; set a number from -100000000 to 100000000 (metres north)"
        },
        {
            "image = [0.2, 0.8]", "image = [0.8, 0.8]",
            $"20: {Cam}.ground: lies on a line, or has the same point twice, so that it gives no plane; survey four points of which no three are in line, in the picture and on the ground"
        },
        {
            "image = [0.2, 0.8], metres", "image = [0.5, 0.4], metres",
            $"20: {Cam}.ground: cannot be seen like this: some would lie beyond the horizon; check whether two of them are exchanged"
        },
        {
            "ground = [", "lens { k1 = 2 }, ground = [",
            $"20: {Cam}.lens.k1: 2 is out of range; set a number from -0.3 to 1 (share of half the diagonal)"
        },
        {
            "ground = [", "lens { k1 = -0.3, k2 = -0.1 }, ground = [",
            $"20: {Cam}.lens: folds the picture over itself before its corners; check the signs of k1 and k2: positive pulls barrel-shaped lines straight"
        },
        {
            "metres = [388123.5, 26.75]", "metres = [388123.5, 26.75], label = x",
            $"24: {Cam}.ground[3].label: is not a known key; known keys: image, metres"
        },
        {
            "name = Crossing", "geo { latitude = 95, longitude = 139 }",
            "4: trafficflow.site.geo.latitude: 95 is out of range; set a number from -85 to 85 (degrees north, WGS 84)"
        },
        {
            "name = Crossing", "geo { latitude = 35, longitude = 139, metres = 5 }",
            "4: trafficflow.site.geo.metres: is not a pair of numbers; write [east, north] in metres, as in the ground points of the cameras"
        },
        { "name = Crossing", "geo { latitude = 35 }", "4: trafficflow.site.geo.longitude: is missing; set a number from -180 to 180 (degrees east, WGS 84)" },
        { "name = Crossing", "naem = Crossing", "4: trafficflow.site.naem: is not a known key; did you mean name?" },
        {
            "name = Crossing", "name = Crossing, name = Again",
            "4: trafficflow.site.name: stands twice, first in line 4; give each its own name, or remove one"
        },
        { "name = Crossing", "name = ${HOME}", "4: substitutions ${…} are not supported here; write the value itself" },
        { "name = Crossing", "name = [a]", "4: trafficflow.site.name: is not a text; write one value" },
        { "name = Crossing", "name =", "4: trafficflow.site.name: has no value; write KEY = VALUE or KEY { … }" },
        { "name = Crossing", "name", "4: trafficflow.site.name: has no value; write KEY = VALUE or KEY { … }" },
        { "name = Crossing", "name = \"Crossing", "4: the quotes that open here are not closed on the line; close them with \"" },
        {
            "name = Crossing", "name = \"Cross\" ing",
            "4: trafficflow.site.name: found \"i\" after the value; begin a new line, or put the whole value in quotes"
        },
        { "name = Crossing", "name += x", "4: += is not supported here; write the whole list" },
        { "name = Crossing", "name = \"\\q\"", "4: \\q is no escape; write a backslash as \\\\" },
        { "name = Crossing", "name = \"\\ud80a\"", "4: \\ud80a is half of a character; write both halves, as in \\ud83d\\ude97, or the character itself" },
        { "name = Crossing", "name = a = b", "4: found \"=\" in a value without quotes; put the value in double quotes" },
        { "name = Crossing", "= b", "4: found \"=\" where a key should stand; remove it" },
        { "name = Crossing", "include nothing", "4: include is not followed by a file in quotes; write include \"FILE\"; where it is a name, in quotes: \"include\"" },
        { "south {}", "south {", "2: the brace that opens here is not closed; close it with }" },
        { "south {}", "south }", "8: trafficflow.site.approaches.south: has no value; write KEY = VALUE or KEY { … }" },
        { "ground = [", "ground = [[", $"26: {Cam}.ground[1]: has no value; write one, or remove the key" },
        { "trafficflow.site {", "traffic.site {", "2: trafficflow: is missing; a site file holds trafficflow.site { … }" },
        {
            "trafficflow.site {", "trafficflow.detektors { x { type = motion } }, trafficflow.site {",
            "2: trafficflow.detektors: is not a known key; did you mean detectors?"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = onx }, trafficflow.site {",
            "2: trafficflow.detectors.x.type: \"onx\" is no type of detector; did you mean onnx?"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = onnx }, trafficflow.site {",
            "2: trafficflow.detectors.x.model: is missing; set the path of an .onnx file"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = motion, model = \"x.onnx\" }, trafficflow.site {",
            "2: trafficflow.detectors.x.model: is not a known key; known keys: classifier, type"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = motion, classifier = motion }, trafficflow.site {",
            "2: trafficflow.detectors.x.classifier: \"motion\" has no model; detectors with a model: vehicles"
        },
        {
            "trafficflow.site {", "trafficflow.detectors { x { type = motion, classifier = yolo }, yolox { type = onnx, model = x.onnx } }, trafficflow.site {",
            "2: trafficflow.detectors.x.classifier: there is no detector \"yolo\"; did you mean yolox?"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = onnx, model = x.onnx, threshold = 1 }, trafficflow.site {",
            "2: trafficflow.detectors.x.threshold: 1 is out of range; set a number from 0.01 to 0.99 (score)"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = onnx, model = x.onnx, layout = yolo }, trafficflow.site {",
            "2: trafficflow.detectors.x.layout: \"yolo\" is no known layout; did you mean yolox?"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = onnx, model = x.onnx, sha256 = b4d6143a2ddad466 }, trafficflow.site {",
            "2: trafficflow.detectors.x.sha256: \"b4d6143a2ddad466\" is no SHA-256; write the 64 hex digits that `sha256sum FILE` prints"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = in-box, precision = int4 }, trafficflow.site {",
            "2: trafficflow.detectors.x.precision: \"int4\" is no precision; did you mean int8?"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = in-box, classes { 2 = bus } }, trafficflow.site {",
            "2: trafficflow.detectors.x.classes: is not a known key; known keys: classifier, gate-by-motion, looks-per-second, precision, threads, threshold, type"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = onnx, model = x.onnx, threads = 1.5 }, trafficflow.site {",
            "2: trafficflow.detectors.x.threads: 1.5 is not a whole number; set a number from 1 to 64 (threads of one inference)"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = onnx, model = x.onnx, looks-per-second = 0.5 }, trafficflow.site {",
            "2: trafficflow.detectors.x.looks-per-second: 0.5 is out of range; set a number from 1 to 120 (frames that are looked at)"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = onnx, model = x.onnx, gate-by-motion = maybe }, trafficflow.site {",
            "2: trafficflow.detectors.x.gate-by-motion: \"maybe\" is neither on nor off; write on or off"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = onnx, model = x.onnx, classes { car = bus } }, trafficflow.site {",
            "2: trafficflow.detectors.x.classes.car: is no class number; write the model's class number, from 0: \"2\" = passenger-car"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = onnx, model = x.onnx, classes { \"2\" = car } }, trafficflow.site {",
            "2: trafficflow.detectors.x.classes.2: \"car\" is no class; classes: bicycle, bus, heavy-goods, light-goods, motorcycle, other, passenger-car, person, unclassified"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.x { type = onnx, model = x.onnx, classes { 2 = bus, \"02\" = bus } }, trafficflow.site {",
            "2: trafficflow.detectors.x.classes.02: is class 2 once more; remove one"
        },
        {
            "trafficflow.site {", "trafficflow.detectors.default { type = motion }, trafficflow.site {",
            "2: trafficflow.detectors.default: is the name for the default detector; choose another name"
        },
        {
            "trafficflow.site {", "trafficflow.default-detector = x, trafficflow.site {",
            "2: trafficflow.default-detector: there is no detector \"x\"; known detectors: motion, vehicles"
        },
        { "trafficflow.site {", "akka.loglevel = DEBUG, trafficflow.site {", "2: akka: is not a known key; known keys: trafficflow" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_slip_is_told_with_its_line_its_key_and_the_remedy(string old, string changed, string expected)
    {
        Assert.Contains(old, SettingsFolder.GoodSite);
        var file = _folder.Write("site.conf", SettingsFolder.GoodSite.Replace(old, changed));

        var problem = Assert.Single(Assert.Throws<SettingsException>(() => SiteSettings.Load(file)).Problems);

        Assert.Equal($"{file}:{expected}", problem.ToString());
    }

    [Fact]
    public void All_slips_of_a_file_are_told_together_in_one_go()
    {
        var problems = Problems(SettingsFolder.GoodSite
            .Replace("fps = 12.5", "fps = 0")
            .Replace("Asia/Tokyo", "Mars")
            .Replace("enters = north", "enters = west")
            .Replace("detector = default", "detektor = default"));

        Assert.Equal(
            ["trafficflow.site.time-zone", $"{Cam}.frame.fps", $"{Cam}.gates.n-in.forward.enters", $"{Cam}.detektor"],
            problems.Select(p => p.Key));
    }

    [Fact]
    public void A_camera_that_stands_twice_is_not_merged_into_one()
    {
        var problem = Assert.Single(Problems(SettingsFolder.GoodSite.Replace("  cameras {", """
              cameras {
                cam1 { source = "a.mp4", frame { width = 64, height = 64, fps = 5 }, gates { g { from = [0,0], to = [1,1] } } }
            """)));

        Assert.Equal((Cam, 12), (problem.Key, problem.Line));
        Assert.Equal("stands twice, first in line 11", problem.Text);
    }

    [Fact]
    public void A_camera_that_stands_in_two_blocks_is_found_too()
    {
        var problem = Assert.Single(Problems(SettingsFolder.GoodSite + """
            trafficflow.site.cameras.cam1 { source = "b.mp4" }
            """));

        Assert.Equal((Cam, 29), (problem.Key, problem.Line));
    }

    [Fact]
    public void A_camera_that_stands_in_two_included_files_is_found_too()
    {
        const string Camera = """cam9 { source = "a.mp4", frame { width = 64, height = 64, fps = 5 }, gates { g { from = [0,0], to = [1,1] } } }""";
        _folder.Write("one.conf", Camera);
        _folder.Write("two.conf", "\n" + Camera);

        var problem = Assert.Single(Problems(SettingsFolder.GoodSite.Replace(
            "  cameras {", "  cameras {\n include \"one.conf\"\n include \"two.conf\"")));

        var folder = _folder.Path;
        Assert.Equal(
            $"{folder}/two.conf:2: trafficflow.site.cameras.cam9: stands twice, first in {folder}/one.conf:1; give each its own name, or remove one",
            problem.ToString());
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var file = Path.Combine(_folder.Path, "none.conf");

        var error = Assert.Throws<SettingsException>(() => SiteSettings.Load(file));

        Assert.Equal($"{file}: there is no such file; check the path", error.Message);
    }

    [Fact]
    public void A_folder_is_no_file() =>
        Assert.Contains("is a folder, not a file", Assert.Throws<SettingsException>(() => SiteSettings.Load(_folder.Path)).Message);

    [Theory]
    [InlineData("", "trafficflow: is missing")]
    [InlineData("# only a comment", "trafficflow: is missing")]
    [InlineData("{}", "trafficflow: is missing")]
    [InlineData("{} {}", "found \"{\" after the end")]
    [InlineData("<xml/>", "<xml/>: has no value")]
    [InlineData("[1, 2]", "found \"[\" where a key should stand")]
    [InlineData("a\0b", "holds zero bytes")]
    [InlineData("trafficflow = 3", "trafficflow: is not a section")]
    [InlineData("trafficflow { site = [] }", "trafficflow.site: is not a section")]
    public void What_is_no_site_file_is_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Single(Problems(text)).ToString());

    [Fact]
    public void What_is_no_text_is_refused()
    {
        var file = _folder.Write("site.conf", "");
        File.WriteAllBytes(file, [0x61, 0xff, 0xfe, 0x3d]);

        Assert.Contains("is not a text in UTF-8", Assert.Throws<SettingsException>(() => SiteSettings.Load(file)).Message);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{ a ")]
    [InlineData("a {")]
    [InlineData("a.")]
    public void A_hundred_thousand_brackets_do_not_bring_the_process_down(string bracket) =>
        Assert.NotEmpty(Problems($"trafficflow.site.cameras.a = {Many(bracket)}\n{Many(bracket)}"));

    [Fact]
    public void A_hundred_thousand_dots_do_not_bring_the_process_down() =>
        Assert.Contains("more than 32 levels", Assert.Single(Problems($"{Many("a.")}b = 1\n{Many("a.")}c = 1")).Text);

    [Fact]
    public void Garbage_gives_problems_and_no_other_exception()
    {
        // A fixed seed: a failure can be repeated.
        var random = new Random(20_261_123);
        string[] scraps = ["{", "}", "[", "]", "\"", "=", ":", ",", "\n", "#", "//", ".", "${x}", "+=", "include ", "\\", "\"\"\"", "-", "1e9", "null", "\u3000", "é"];
        for (var round = 0; round < 3_000; round++)
        {
            var text = new System.Text.StringBuilder(SettingsFolder.GoodSite);
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(text.Length);
                if (random.Next(2) == 0) text.Remove(at, Math.Min(random.Next(1, 40), text.Length - at));
                else text.Insert(at, scraps[random.Next(scraps.Length)]);
            }

            _ = Problems(text.ToString());
        }
    }

    private static string Many(string what) => string.Concat(Enumerable.Repeat(what, 100_000));

    private IReadOnlyList<SettingsProblem> Problems(string text)
    {
        var file = _folder.Write("site.conf", text);
        try
        {
            SiteSettings.Load(file);
            return [];
        }
        catch (SettingsException e)
        {
            return e.Problems;
        }
    }

    public void Dispose() => _folder.Dispose();
}
