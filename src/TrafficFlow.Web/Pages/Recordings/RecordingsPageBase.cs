using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Web.Texts;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>What pages of recordings have in common: they ask every node once their circuit lives, and say which does not answer.</summary>
public abstract class RecordingsPageBase : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private string? _readFor;

    [Inject]
    public WebPorts Ports { get; set; } = null!;

    [CascadingParameter]
    public WebTexts Texts { get; set; } = null!;

    [CascadingParameter]
    public PageReader Reader { get; set; } = null!;

    protected RecordingTexts Words => RecordingTexts.For(Texts.Language);

    protected CustodyTexts CustodyWords => CustodyTexts.For(Texts.Language);

    /// <summary>Null where this node shows none.</summary>
    protected IRecordings? Recordings => Ports.Recordings;

    protected bool IsCustodian => Reader.Roles.Contains(Role.Custodian);

    protected DateTimeOffset Now => Ports.Time.GetUtcNow();

    /// <summary>What was answered; null while it is asked.</summary>
    protected IReadOnlyList<DescribedPlace>? Places { get; private set; }

    /// <summary>Why there may be other nodes.</summary>
    protected string? MayBeOthers { get; private set; }

    protected CancellationToken End => _end.Token;

    /// <summary>What the page is about now: where it changes, all is asked anew.</summary>
    protected virtual string Subject => "";

    protected virtual SiteId? OfSite => null;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Recordings is not { } recordings || _readFor == Subject) return;
        var subject = _readFor = Subject;
        try
        {
            var places = await recordings.PlacesAsync(OfSite, End);
            MayBeOthers = places.Problem;
            var by = Reader.ToPrincipal();
            var described = await Task.WhenAll(places.All.Select(async p => new DescribedPlace(p, p.IsMember ? await recordings.AskAsync<VaultDescribed>(p.Node, new DescribeVault(by), End) : new PlaceAnswer<VaultDescribed>(null, null, ""))));
            await ReadAsync(recordings, described);
            if (subject != Subject) return;
            Places = described;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        StateHasChanged();
    }

    /// <summary>Asks what the page shows beside.</summary>
    protected virtual Task ReadAsync(IRecordings recordings, IReadOnlyList<DescribedPlace> places) => Task.CompletedTask;

    /// <summary>With the next rendering all is asked anew.</summary>
    protected void AskAgain() => _readFor = null;

    protected TimeZoneInfo ZoneOf(SiteId? site) => Ports.Sites().FirstOrDefault(s => s.Id == site)?.TimeZone ?? Ports.Sites().FirstOrDefault()?.TimeZone ?? TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");

    protected string NameOf(RecordingPlace place) => place.IsHere ? $"{place.Node} ({Words.ThisNode})" : place.Node;

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <param name="Said">How its vault is.</param>
public sealed record DescribedPlace(RecordingPlace Place, PlaceAnswer<VaultDescribed> Said)
{
    public ImmutableArray<T> Of<T>(Func<VaultDescribed, ImmutableArray<T>> register) => Said.Answer is { } vault ? register(vault) : [];
}
