using System.Text.RegularExpressions;
using TrafficFlow.SystemTests.Vault.Erasure;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Segments;

/// <summary>What somebody writes into a day's list without its key keeps nothing from its erasure, and lets nothing be erased before its time.</summary>
public sealed class UncheckedListTests : IDisposable
{
    private readonly ErasedVault _erased = new();

    [Fact]
    public void A_line_that_says_erased_or_another_time_is_not_believed()
    {
        var victim = _erased.Left().First(s => s.Place.Site.Value == "kokandori").Place;
        var list = Path.Combine(_erased.Vault.Keys.FolderOf(victim.Site, victim.Camera, victim.Day), "segments.log");
        var lines = File.ReadAllLines(list);
        lines[0] = lines[0].Replace("\"event\":\"closed\"", "\"event\":\"erased\"", StringComparison.Ordinal);
        lines[1] = Regex.Replace(lines[1], "\"from\":\"2026[^\"]*\"", "\"from\":\"2126-11-29T12:00:00+00:00\"");
        lines[2] = Regex.Replace(lines[2], "\"to\":\"2026[^\"]*\"", "\"to\":\"2126-11-29T12:00:00+00:00\"");
        File.WriteAllLines(list, lines);
        File.SetUnixFileMode(list, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var day = _erased.Vault.Recorded.OfDay(victim.Site, victim.Camera, victim.Day).ToList();
        Assert.Equal([SegmentState.NotListed, SegmentState.NotListed, SegmentState.NotListed, SegmentState.Whole], day.Select(s => s.State));
        Assert.Equal(Enumerable.Range(0, ErasedVault.PerDay).Select(m => ErasedVault.Time(0, m)), day.Select(s => s.From));

        // By the time of their names they are found, chosen, erased and receipted like any others.
        var chosen = day.Take(3).Select(s => s.Place).ToHashSet();
        var receipt = _erased.Receipt(_erased.Eraser.Erase(ErasedVault.Order(TrafficFlow.Vault.Erasure.EraseScope.All), chosen));
        Assert.Equal(chosen.Select(c => c.ToString()), receipt.Segments.Select(s => s.Segment));
        Assert.All(receipt.Segments, s => Assert.Equal(64, s.Commitment.Length));
        Assert.All(chosen, c => Assert.False(File.Exists(_erased.Vault.FileOf(c))));
        Assert.Equal(40_000, _erased.Vault.Read(day[3].Place).Length);
    }

    [Fact]
    public void A_locked_vault_shows_its_lists_as_they_are()
    {
        var victim = _erased.Left()[0].Place;
        var list = Path.Combine(_erased.Vault.Keys.FolderOf(victim.Site, victim.Camera, victim.Day), "segments.log");
        File.WriteAllText(list, File.ReadAllText(list).Replace("\"frames\":600", "\"frames\":601", StringComparison.Ordinal));
        _erased.Vault.Keys.Lock();
        Assert.All(_erased.Vault.Recorded.OfDay(victim.Site, victim.Camera, victim.Day), s => Assert.Equal(601, s.Frames));
    }

    public void Dispose() => _erased.Dispose();
}
