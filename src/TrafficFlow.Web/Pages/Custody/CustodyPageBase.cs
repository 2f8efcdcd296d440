using Microsoft.AspNetCore.Components;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;
using TrafficFlow.Web.Texts;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>What pages of custody have in common: they read the registers once, and say what keeps them from it. Their forms are requests of their own: see CustodyRoutes.</summary>
public abstract class CustodyPageBase : ComponentBase
{
    [Inject]
    public WebPorts Ports { get; set; } = null!;

    [CascadingParameter]
    public WebTexts Texts { get; set; } = null!;

    [CascadingParameter]
    public PageReader Reader { get; set; } = null!;

    protected CustodyTexts Words => CustodyTexts.For(Texts.Language);

    protected CustodyBooks? Books => Ports.Custody;

    /// <summary>Why nothing can be shown; null where it can.</summary>
    protected string? Unreadable { get; private set; }

    protected DateTimeOffset Now { get; private set; }

    protected bool IsCustodian => Reader.Roles.Contains(Role.Custodian);

    protected override void OnParametersSet()
    {
        Now = Ports.Time.GetUtcNow();
        if (Books is not { } books)
        {
            Unreadable = Words.NoRegisters;
            return;
        }

        try
        {
            Read(books);
        }
        catch (VaultFileException e)
        {
            Unreadable = e.Message;
        }
    }

    /// <exception cref="VaultFileException">A register cannot be used.</exception>
    protected abstract void Read(CustodyBooks books);

    protected DateOnly Today(string site) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, Books!.Zone(site)).DateTime);
}
