using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

/// <summary>What a node keeps is for its own account.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("trafficflow-data-");

    private string Folder => Path.Combine(_parent.FullName, "data");

    [Fact]
    public void A_folder_that_a_node_makes_lets_nobody_else_in()
    {
        DataFolder.Create(Folder);

        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        Assert.Null(DataFolder.Problem(Folder));
    }

    [Fact]
    public void One_that_was_there_and_is_wider_is_told_with_the_remedy_and_left_as_it_is()
    {
        const UnixFileMode Wide = Owner | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(Folder);
        File.SetUnixFileMode(Folder, Wide);

        DataFolder.Create(Folder);

        Assert.Equal($"The data folder {Folder} lets other accounts of this machine in (mode 0755): close it with chmod -R go-rwx '{Folder}'", DataFolder.Problem(Folder));
        Assert.Equal(Wide, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public async Task Journals_of_a_node_are_closed_to_others_in_a_folder_that_is_not()
    {
        using var node = new NodeFolder(NodeFolder.Live);
        File.SetUnixFileMode(node.Data, Owner | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        await using var process = node.Run();
        await process.UntilAsync(() => File.Exists(node.Journal) && File.Exists(node.Outbox), TimeSpan.FromMinutes(2), "the journals are there");
        await process.UntilAsync(() => process.Error.Contains("(mode 0705): close it with chmod", StringComparison.Ordinal), TimeSpan.FromMinutes(2), "it says that the folder is open");

        Assert.All(
            Directory.GetFiles(node.Data, "*.db*").Append(Path.Combine(node.Data, "node.lock")).Append(Path.Combine(node.Data, "node.pid")),
            f => Assert.Equal(Owner, File.GetUnixFileMode(f)));
    }

    public void Dispose() => _parent.Delete(recursive: true);
}
