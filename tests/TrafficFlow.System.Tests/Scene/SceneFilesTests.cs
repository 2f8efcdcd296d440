using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Scene;
using Xunit;

namespace TrafficFlow.SystemTests.Scene;

public sealed class SceneFilesTests : IDisposable
{
    private static readonly CameraSetup Camera = TestCamera.Setup("rtsp://camera/1", new FrameFormat(640, 360, 10));
    private readonly SettingsFolder _folder = new();

    [Fact]
    public void A_scene_is_found_again_by_a_camera_that_is_set_up_the_same()
    {
        var files = new SceneFiles(Path.Combine(_folder.Path, "scenes"));
        Assert.Null(files.Load(Camera));

        files.Save(Camera, [1, 2, 3]);

        Assert.Equal([1, 2, 3], files.Load(Camera with { Source = "rtsp://camera/2", Detector = "other" })!);
    }

    [Fact]
    public void Gates_masks_or_ground_points_that_were_drawn_anew_belong_to_a_new_scene()
    {
        var files = new SceneFiles(_folder.Path);
        files.Save(Camera, [1]);

        Assert.Null(files.Load(Camera with { Gates = [new Gate(new GateId("in"), new PicturePoint(0, 0.5), new PicturePoint(1, 0.5))] }));
        Assert.Null(files.Load(Camera with { Masks = [TestCamera.Rectangle(0, 0, 1, 0.1)] }));
        Assert.Null(files.Load(Camera with { Frame = new FrameFormat(352, 288, 10) }));
        Assert.Null(files.Load(Camera with { Id = new CameraId("cam2") }));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_stops_nobody()
    {
        var file = _folder.Write("a file", "");

        new SceneFiles(file).Save(Camera, [1]);

        Assert.Null(new SceneFiles(file).Load(Camera));
    }

    [Fact]
    public void A_file_that_may_not_be_read_stops_nobody_and_is_told_once()
    {
        // Even root is denied to read a folder like a file, by the very exception of a file without permission.
        Directory.CreateDirectory(Path.Combine(_folder.Path, $"{Camera.Id}.scene"));
        var told = new List<Exception>();
        var files = new SceneFiles(_folder.Path, (_, e) => told.Add(e));

        Assert.Null(files.Load(Camera with { Id = new CameraId("cam2") }));
        Assert.Empty(told);
        Assert.Null(files.Load(Camera));
        Assert.Null(files.Load(Camera));
        Assert.IsType<UnauthorizedAccessException>(Assert.Single(told));
    }

    public void Dispose() => _folder.Dispose();
}
