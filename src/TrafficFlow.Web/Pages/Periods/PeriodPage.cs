using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Web.Texts;

namespace TrafficFlow.Web.Pages.Periods;

/// <summary>
/// A page of one site over whole days: finds the site, reads the days of the address, has its figures read when either or a choice changes, tries again while
/// the tables do not answer, and ends what is being read when the reader goes on.
/// </summary>
public abstract partial class PeriodPage : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(3);

    private CancellationTokenSource _reading = new();
    private Task _reader = Task.CompletedTask;
    private object? _asked;
    private SiteId? _newestOf;
    private bool _isInteractive;

    [Parameter]
    public string Site { get; set; } = "";

    [SupplyParameterFromQuery(Name = "from")]
    public string? FromDay { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? ToDay { get; set; }

    [CascadingParameter]
    public WebTexts Texts { get; set; } = null!;

    [Inject]
    public WebPorts Ports { get; set; } = null!;

    [Inject]
    public ILogger<PeriodPage> Log { get; set; } = null!;

    [Inject]
    public NavigationManager Navigation { get; set; } = null!;

    /// <summary>Null where the server has no such site.</summary>
    protected Site? Found { get; private set; }

    protected Period Period { get; private set; }

    protected DateOnly Newest { get; private set; }

    protected bool IsRefused { get; private set; }

    protected bool IsReading { get; private set; } = true;

    protected bool AreTablesAway { get; private set; }

    /// <summary>What of these days was removed because of its age; null where nothing was.</summary>
    protected RemovedDays? Removed { get; private set; }

    protected PeriodTexts PeriodWords => PeriodTexts.For(Texts.Language);

    protected string NameOf(ApproachId id) => Figures.NameOf(Found, id);

    /// <summary>What the figures depend on, beside site and days: with another one they are read again.</summary>
    protected abstract object Choice { get; }

    /// <summary>Reads the figures of <see cref="Found"/> and <see cref="Period"/> and keeps them, as one assignment at the end.</summary>
    /// <exception cref="QueryException">The tables do not answer: it is called again.</exception>
    protected abstract Task ReadAsync(CancellationToken cancellation);

    protected override void OnParametersSet()
    {
        Found = Ports.Sites().FirstOrDefault(s => s.Id.Value == Site);
        if (Found is null) return;
        if (_newestOf != Found.Id) Newest = Period.Today(Ports.Time.GetUtcNow(), Found.TimeZone);
        (Period, IsRefused) = Period.Read(FromDay, ToDay, Newest);
        if (RendererInfo.IsInteractive) Begin();
        else ReadAhead(Found);
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender) return;
        // Before there is a circuit nothing is read: the document comes at once, and its figures once.
        _isInteractive = true;
        Begin();
    }

    /// <summary>To the same page with another choice in its address; null leaves the parameter out.</summary>
    protected void Choose(string parameter, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(parameter, value));

    /// <summary>Begins with what <see cref="ReadAsync"/> will ask for: this page is only the document of the one that does, and gone in a moment.</summary>
    protected virtual void ReadAhead(Site site)
    {
    }

    private void Begin()
    {
        if (Found is not { } site || !_isInteractive || Equals(_asked, (site.Hash, Period, Choice))) return;
        _asked = (site.Hash, Period, Choice);
        _reading.Cancel();
        _reading.Dispose();
        _reading = new CancellationTokenSource();
        IsReading = true;
        _reader = KeepReadingAsync(site, _reading.Token);
    }

    private async Task KeepReadingAsync(Site site, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                try
                {
                    await FindNewestAsync(site, cancellation);
                    await ReadAsync(cancellation);
                    Removed = RemovedDays.Of(await Ports.Flows().RemovedAsync(site.Id, cancellation), Period, site.TimeZone);
                    (IsReading, AreTablesAway) = (false, false);
                    await InvokeAsync(StateHasChanged);
                    return;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // What the query port announces is waited for in silence: its own log tells of the tables.
                    if (e is not QueryException && !AreTablesAway) LogUnread(Log, Navigation.Uri, e);
                    AreTablesAway = true;
                    await InvokeAsync(StateHasChanged);
                    await Task.Delay(TryAgain, Ports.Time, cancellation);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Something else is shown.
        }
    }

    /// <summary>The newest day is that of the tables: a replay's clock is not that of the wall, and a node that stood still shows what it had.</summary>
    private async Task FindNewestAsync(Site site, CancellationToken cancellation)
    {
        if (_newestOf == site.Id) return;
        Newest = await NewestAsync(Ports, site, Newest, cancellation);
        (Period, IsRefused) = Period.Read(FromDay, ToDay, Newest);
        _newestOf = site.Id;
        _asked = (site.Hash, Period, Choice);
    }

    protected static async Task<DateOnly> NewestAsync(WebPorts ports, Site site, DateOnly today, CancellationToken cancellation) =>
        await ports.Flows().NewestAsync(site.Id, BinDuration.FiveMinutes, cancellation) is { } start ? Period.Today(start, site.TimeZone) : today;

    [LoggerMessage(LogLevel.Error, "The figures of {Page} cannot be read")]
    private static partial void LogUnread(ILogger log, string page, Exception e);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _reading.CancelAsync();
        await _reader;
        _reading.Dispose();
    }
}
