using TrafficFlow.Core.Files;
using Xunit;

namespace TrafficFlow.SystemTests.Files;

public sealed class FileDraftTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly PlantedLinks _folder = new();

    [Fact]
    public void A_file_is_whole_or_not_there_and_leaves_no_draft()
    {
        var place = _folder.Of("counts.csv");
        FileDraft.Write(place, "old");
        using (var draft = FileDraft.Of(place))
        {
            Assert.Equal(_folder.Path, Path.GetDirectoryName(draft.Path));
            Assert.Equal(".csv", Path.GetExtension(draft.Path));
            Assert.Equal("old", File.ReadAllText(place));
        }

        Assert.Equal("old", File.ReadAllText(place));
        FileDraft.Write(place, "new");

        Assert.Equal("new", File.ReadAllText(place));
        Assert.Equal([place], Directory.GetFiles(_folder.Path, "counts*").Concat(Directory.GetFiles(_folder.Path, ".counts*")));
    }

    [Fact]
    public void No_two_drafts_have_one_name_and_others_may_not_read_them()
    {
        using var one = FileDraft.Of(_folder.Of("a.mp4"));
        using var other = FileDraft.Of(_folder.Of("a.mp4"));

        Assert.NotEqual(one.Path, other.Path);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(one.Path));
    }

    [Fact]
    public void A_link_in_the_place_is_replaced_and_what_it_points_at_is_untouched()
    {
        var place = _folder.Plant("counts.csv");

        FileDraft.Write(place, "counts");

        Assert.Equal("counts", File.ReadAllText(place));
        Assert.Null(new FileInfo(place).LinkTarget);
        Assert.Equal(PlantedLinks.Precious, _folder.Read());
    }

    [Fact]
    public void A_new_file_is_not_made_through_a_link_to_nowhere()
    {
        var place = _folder.PlantToNowhere("new.csv");

        Assert.Throws<IOException>(() => FileDraft.Create(place));
        Assert.False(File.Exists(_folder.Nowhere));
    }

    [Fact]
    public void Nothing_is_overwritten_where_that_was_not_meant()
    {
        var place = _folder.Of("counts.csv");
        using var draft = FileDraft.Of(place);
        File.WriteAllText(place, "came in between");

        Assert.Throws<IOException>(() => draft.Move(overwrite: false));
        Assert.Equal("came in between", File.ReadAllText(place));
    }

    public void Dispose() => _folder.Dispose();
}
