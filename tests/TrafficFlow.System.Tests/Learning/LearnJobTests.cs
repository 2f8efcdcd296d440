using System.Text;
using System.Text.Json.Nodes;
using TrafficFlow.Core.Learning;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Learning;
using TrafficFlow.SystemTests.Segments;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Learning;

/// <summary>Recorded frames as COCO and MOT, and labels that somebody corrected.</summary>
public sealed class LearnJobTests : IDisposable
{
    private const string Segment = "kokandori/cam1/20270331T090000.000Z";
    private const string Sequence = "kokandori__cam1__20270331T090000000Z";
    private static readonly DateTimeOffset s_until = new(2027, 4, 14, 9, 0, 0, TimeSpan.Zero);

    private readonly SettingsFolder _folder = new();

    private string Set => Path.Combine(_folder.Path, "set");

    private string Scenes => Path.Combine(_folder.Path, "scenes");

    private string Coco => Path.Combine(Set, LearningSet.CocoName);

    [Fact]
    public async Task Each_tenth_picture_has_its_labels_in_both_formats_and_tracks_are_of_all()
    {
        await ExportAsync();

        var coco = JsonNode.Parse(File.ReadAllText(Coco))!;
        var images = coco["images"]!.AsArray();
        Assert.Equal([1, 2, 3, 4, 5], images.Select(i => (int)i!["id"]!));
        Assert.Equal($"{Sequence}/img1/000002.jpg", (string)images[1]!["file_name"]!);
        Assert.Equal((160, 91), ((int)images[0]!["width"]!, (int)images[0]!["height"]!));
        Assert.All(images, i => Assert.Equal((byte)0xFF, File.ReadAllBytes(Path.Combine(Set, (string)i!["file_name"]!))[0]));
        var annotations = coco["annotations"]!.AsArray();
        Assert.Equal(Enumerable.Range(1, annotations.Count), annotations.Select(a => (int)a!["id"]!));
        Assert.All(annotations, a =>
        {
            double[] box = [.. a!["bbox"]!.AsArray().Select(v => (double)v!)];
            Assert.Equal(box[2] * box[3], (double)a["area"]!, 3);
            Assert.InRange(box[0] + box[2], 0, 160);
            Assert.InRange(box[1] + box[3], 0, 91);
            Assert.Equal((0, "car"), ((int)a["iscrowd"]!, LabelClasses.NameOf((int)a["category_id"]!)));
        });
        // The car of the film is followed from its third picture on, until it jumps back at the fortieth.
        Assert.Equal([1, 1, 1], annotations.Where(a => a!["track_id"] is not null).Select(a => (int)a!["track_id"]!));
        var rows = File.ReadAllLines(Path.Combine(Set, Sequence, "gt", "gt.txt"));
        Assert.Equal(3, rows.Length);
        Assert.All(rows, r => Assert.Equal(9, r.Split(',').Length));
        double[] first = [.. annotations.First(a => a!["track_id"] is not null)!["bbox"]!.AsArray().Select(v => (double)v!)];
        Assert.Equal([first[0] + 1, first[1] + 1, first[2], first[3]], rows[0].Split(',')[2..6].Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains("frameRate=1\nseqLength=5\nimWidth=160\nimHeight=91\n", File.ReadAllText(Path.Combine(Set, Sequence, "seqinfo.ini")), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Set));
        Assert.Contains("copy-3", File.ReadAllText(Path.Combine(Set, LearningSet.FileName)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Corrected_labels_become_scenes_as_the_recipe_packs_them(bool asCoco)
    {
        await ExportAsync();
        if (asCoco)
        {
            Change(c =>
            {
                c["annotations"]!.AsArray().RemoveAt(0);
                c["annotations"]!.AsArray()[0]!["category_id"] = 3;
                // A picture that nobody has labelled, which is not an empty one.
                c["images"]!.AsArray().RemoveAt(4);
                foreach (var gone in c["annotations"]!.AsArray().Where(a => (int)a!["image_id"]! == 5).ToList()) c["annotations"]!.AsArray().Remove(gone);
            });
        }

        Assert.Equal(ExitCodes.Done, LearnJob.Import(Set, asCoco ? Coco : null, Scenes));

        Assert.Equal(5, Directory.GetFiles(Path.Combine(Scenes, Sequence), "*.jpg").Length);
        var labels = JsonNode.Parse(File.ReadAllText(Path.Combine(Scenes, Sequence, "labels.json")))!.AsArray();
        Assert.Equal(asCoco ? 4 : 5, labels.Count);
        Assert.Equal(("000001.jpg", 160, 91), ((string)labels[0]!["file"]!, (int)labels[0]!["width"]!, (int)labels[0]!["height"]!));
        Assert.Empty(labels[0]!["boxes"]!.AsArray());
        var box = labels[1]!["boxes"]!.AsArray().Single()!.AsArray();
        Assert.Equal(asCoco ? "truck" : "car", (string)box[4]!);
        Assert.True((double)box[2]! > (double)box[0]! && (double)box[3]! > (double)box[1]!);
        Assert.Throws<UsageException>(() => LearnJob.Import(Set, null, Scenes));
    }

    [Fact]
    public async Task What_is_wrong_in_corrected_labels_is_told_and_nothing_is_taken_over()
    {
        await ExportAsync();
        Assert.Equal("it is no JSON", Wrong("{")[..13]);
        Assert.Contains("annotations is missing", Wrong("{\"images\":[],\"categories\":[]}"), StringComparison.Ordinal);
        Assert.Contains("is no picture of this set", Wrong(c => c["images"]![0]!["file_name"] = "../../etc/passwd"), StringComparison.Ordinal);
        Assert.Contains("640x360, and the picture is 160x91", Wrong(c => (c["images"]![0]!["width"], c["images"]![0]!["height"]) = (640, 360)), StringComparison.Ordinal);
        Assert.Contains("id 1 is there twice", Wrong(c => c["images"]![1]!["id"] = 1), StringComparison.Ordinal);
        Assert.Contains("id 1 is there twice", Wrong(c => c["annotations"]![1]!["id"] = 1), StringComparison.Ordinal);
        Assert.Contains("has no id of 1 or more", Wrong(c => c["annotations"]![0]!["id"] = 0), StringComparison.Ordinal);
        Assert.Contains("is of image 99", Wrong(c => c["annotations"]![0]!["image_id"] = 99), StringComparison.Ordinal);
        Assert.Contains("is of category 77", Wrong(c => c["annotations"]![0]!["category_id"] = 77), StringComparison.Ordinal);
        Assert.Contains("\"tram\" is unknown", Wrong(c => c["categories"]![0]!["name"] = "tram"), StringComparison.Ordinal);
        Assert.Contains("lies outside of the picture", Wrong(c => c["annotations"]![0]!["bbox"] = new JsonArray(150, 10, 30, 10)), StringComparison.Ordinal);
        Assert.Contains("bbox is not [x, y, width, height]", Wrong(c => c["annotations"]![0]!["bbox"] = new JsonArray(1, 2, 0, 4)), StringComparison.Ordinal);
        Assert.Contains("bbox is not [x, y, width, height]", Wrong(c => c["annotations"]![0]!["bbox"] = new JsonArray(1, 2, 3)), StringComparison.Ordinal);
        Assert.Contains("is a crowd", Wrong(c => c["annotations"]![0]!["iscrowd"] = 1), StringComparison.Ordinal);
        Assert.False(Path.Exists(Scenes));
    }

    [Theory]
    [InlineData("1,1,10,10,20,20,1,1,1\n1,1,11,10,20,20,1,1,1\n", "track 1 is in frame 1 already, see line 1")]
    [InlineData("9,1,10,10,20,20,1,1,1\n", "frame 9 is no picture")]
    [InlineData("1,1,10,10,20,20,1,77,1\n", "class is \"77\"")]
    [InlineData("1,1,10,10,20,20\n", "class is \"\"")]
    [InlineData("1,1,150,10,20,20,1,1,1\n", "lies outside of the picture")]
    [InlineData("1,1,10,10,0,20,1,1,1\n", "the box has no size")]
    [InlineData("1,1,10,ten,20,20,1,1,1\n", "top is \"ten\"")]
    public async Task A_line_of_gt_txt_that_is_wrong_is_told_with_its_number(string gt, string said)
    {
        await ExportAsync();
        File.WriteAllText(Path.Combine(Set, Sequence, "gt", "gt.txt"), gt);
        var wrong = Assert.Throws<JobFailedException>(() => LearnJob.Import(Set, null, Scenes));
        Assert.Contains(said, wrong.Message, StringComparison.Ordinal);
        Assert.Contains("gt.txt:", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_that_was_changed_to_name_files_elsewhere_is_refused()
    {
        await ExportAsync();
        var file = Path.Combine(Set, LearningSet.FileName);
        File.WriteAllText(file, File.ReadAllText(file).Replace($"{Sequence}/img1/000001.jpg", "../../../etc/hostname", StringComparison.Ordinal));
        Assert.Contains("lies outside of the set", Assert.Throws<UsageException>(() => LearnJob.Import(Set, null, Scenes)).Message, StringComparison.Ordinal);
        Assert.Contains("is no set for learning", Assert.Throws<UsageException>(() => LearnJob.Import(_folder.Path, null, Path.Combine(_folder.Path, "other"))).Message, StringComparison.Ordinal);
    }

    /// <summary>A set comes back from whoever labelled it: what its names say is not believed.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task A_set_whose_names_lead_elsewhere_writes_nothing_there(bool asCoco, bool isAbsolute)
    {
        await ExportAsync();
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder.Path, "elsewhere")).FullName;
        var victim = Path.Combine(elsewhere, "000001.jpg");
        File.WriteAllText(victim, "mine");
        ChangeSet(s => s["sequences"]![0]!["name"] = isAbsolute ? elsewhere : "../elsewhere");

        Assert.Contains("is no folder of a sequence", Refused(asCoco), StringComparison.Ordinal);

        Assert.Equal(("mine", 1), (File.ReadAllText(victim), Directory.GetFileSystemEntries(elsewhere).Length));
        Assert.False(Path.Exists(Scenes));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\u0000b")]
    public async Task A_sequence_has_one_plain_name(string name)
    {
        await ExportAsync();
        ChangeSet(s => s["sequences"]![0]!["name"] = name);
        Assert.Contains("is no folder of a sequence", Refused(asCoco: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kokandori__cam1__20270331T090000000Z/gt/000001.jpg")]
    [InlineData("kokandori__cam1__20270331T090000000Z/img1/labels.json")]
    [InlineData("kokandori__cam1__20270331T090000000Z/img1/../../dataset.json")]
    [InlineData("kokandori__cam1__20270331T090000000Z/img1/000002.jpg")]
    [InlineData("other/img1/000001.jpg")]
    public async Task A_picture_lies_in_its_sequence_and_is_there_once(string file)
    {
        await ExportAsync();
        ChangeSet(s => s["sequences"]![0]!["pictures"]![0]!["file"] = file);
        Assert.Contains($"is no picture of {Sequence}", Refused(asCoco: true), StringComparison.Ordinal);
        Assert.False(Path.Exists(Scenes));
    }

    [Theory]
    [InlineData("img1/000001.jpg")]
    [InlineData("img1")]
    [InlineData("gt/gt.txt")]
    public async Task A_link_in_a_set_is_not_followed(string linked)
    {
        await ExportAsync();
        var (path, aside) = (Path.Combine(Set, Sequence, linked), Path.Combine(_folder.Path, "aside"));
        Directory.Move(path, aside);
        File.CreateSymbolicLink(path, aside);
        Assert.Contains("is a link", Refused(asCoco: false), StringComparison.Ordinal);
        Assert.False(Path.Exists(Scenes));
    }

    /// <summary>The library that evaluates detectors on COCO reads it, and finds each box where it is.</summary>
    [Fact]
    public async Task Pycocotools_reads_what_is_exported()
    {
        await ExportAsync();
        var program = Path.Combine(_folder.Path, "read.py");
        File.WriteAllText(program, """
            import sys, json
            from pycocotools.coco import COCO
            from pycocotools.cocoeval import COCOeval
            truth = COCO(sys.argv[1])
            found = truth.loadRes([dict(image_id=a["image_id"], category_id=a["category_id"], bbox=a["bbox"], score=a["score"]) for a in truth.dataset["annotations"]])
            e = COCOeval(truth, found, "bbox"); e.evaluate(); e.accumulate(); e.summarize()
            print("AP", round(float(e.stats[0]), 6), len(truth.getImgIds()), len(truth.getAnnIds()))
            """);
        var (code, output) = await PythonAsync(program, Coco);
        Assert.SkipUnless(code == 0 || !output.Contains("No module named", StringComparison.Ordinal), "pycocotools is absent (pip install pycocotools; TRAFFICFLOW_PYTHON names another python)");
        Assert.True(code == 0, output);
        Assert.Contains("AP 1.0 5 ", output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<(int Code, string Output)> PythonAsync(params string[] args)
    {
        var start = new System.Diagnostics.ProcessStartInfo(Environment.GetEnvironmentVariable("TRAFFICFLOW_PYTHON") ?? "/usr/bin/python3", args) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, $"{await output}{await error}");
    }

    private string Refused(bool asCoco) => Assert.Throws<UsageException>(() => LearnJob.Import(Set, asCoco ? Coco : null, Scenes)).Message;

    private void ChangeSet(Action<JsonNode> change)
    {
        var file = Path.Combine(Set, LearningSet.FileName);
        var set = JsonNode.Parse(File.ReadAllText(file))!;
        change(set);
        File.WriteAllText(file, set.ToJsonString());
    }

    private void Change(Action<JsonNode> change)
    {
        var coco = JsonNode.Parse(File.ReadAllText(Coco))!;
        change(coco);
        File.WriteAllText(Coco, coco.ToJsonString());
    }

    private string Wrong(Action<JsonNode> change)
    {
        var coco = JsonNode.Parse(File.ReadAllText(Coco))!;
        change(coco);
        return Wrong(coco.ToJsonString());
    }

    private string Wrong(string content)
    {
        var file = Path.Combine(_folder.Path, "corrected.json");
        File.WriteAllText(file, content);
        return Assert.Throws<JobFailedException>(() => LearnJob.Import(Set, file, Scenes)).Message.Split($"{file}: ")[1];
    }

    private async Task ExportAsync()
    {
        var camera = new RecordedCamera(new FrameFormat(160, 91, 10));
        using (var recorder = camera.Start())
        {
            await camera.GiveAsync(recorder, camera.Times(50));
            recorder.End();
            Assert.Equal("", await recorder.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        }

        var film = Assert.Single(camera.Store.Segments).Bytes;
        LearnJob.NewFolder(Set);
        await LearnJob.ExportAsync(Set, "kokandori", "copy-3", s_until, [Segment], 10, _ => Task.FromResult<Stream>(new MemoryStream(film)), TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
