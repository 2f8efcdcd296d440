namespace TrafficFlow.Web.Pages.Notices;

/// <summary>What the page of notices says, in one language: both stand beside each other, so that none is forgotten.</summary>
public sealed class NoticeTexts
{
    private static readonly NoticeTexts s_english = new(isJapanese: false);
    private static readonly NoticeTexts s_japanese = new(isJapanese: true);

    private readonly bool _isJapanese;

    private NoticeTexts(bool isJapanese) => _isJapanese = isJapanese;

    public static NoticeTexts For(string? language) => language == "ja" ? s_japanese : s_english;

    public string Title => T("Notices", "掲示・運用要領");
    public string Explained => T("The sign at the site and the published guideline of each installation, made from its site file, its cameras and the register of persons.", "設置場所の表示と、公表する設置・運用要領です。サイトファイル、カメラの設定及び任命の登録から作成されます。");
    public string NoneHere => T("This node publishes no notices: servers do.", "このノードは掲示・運用要領を公表しません（サーバーで公表します）。");
    public string NoCustody => T("The site file says nothing of custody: there is no notice to publish (deploy/CUSTODY-SITE.md).", "サイトファイルに custody の記載がないため、公表できません（deploy/CUSTODY-SITE.md）。");
    public string Current => T("What is published is in force.", "公表した内容は、現在の設定と一致しています。");
    public string NotPublished => T("Nothing is published yet.", "まだ公表していません。");
    public string Changed => T("Changed since the last version: {0}. Publish a new one, and put up the new sign.", "前回の公表後に変更されています: {0}。新しい版を公表し、表示を掛け替えてください。");
    public string Altered => T("Files are not as they were published: {0}. Bring them back from a backup, or publish anew.", "公表時と異なるファイルがあります: {0}。バックアップから戻すか、新しい版を公表してください。");
    public string Versions => T("Published versions", "公表した版");
    public string Version => T("Version", "版");
    public string Day => T("Published", "公表日時");
    public string By => T("By", "公表者");
    public string Sign => T("Sign", "表示");
    public string Guideline => T("Guideline", "要領");
    public string Publish => T("Publish a new version", "新しい版を公表する");
    public string PublishExplained => T("Sign and guideline are made in Japanese and English as they are now, and kept with this day and their hashes. No version is ever changed or deleted. Look at the drafts first.", "表示と要領を、現在の内容で日本語と英語で作成し、本日付けで保存します。公表した版は変更も削除もできません。先に案を確認してください。");
    public string WithPdf => T("PDF too", "PDFも作成する");
    public string Drafts => T("Drafts", "案");
    public string NotPublishedNow => T("Nothing was published", "公表されませんでした");
    public string Japanese => "日本語";
    public string English => "English";

    /// <summary>A part of the notices, as <see cref="Core.Notices.NoticeParts"/> names it.</summary>
    public string Part(string name) => _isJapanese ? name switch
    {
        "operator" => "設置者",
        "purposes" => "目的",
        "experiment" => "期間",
        "disk" => "記憶装置の暗号化",
        "link" => "通信の暗号化",
        "retention" => "保存期間",
        "two-person rule" => "2名の承認",
        "inspections" => "点検",
        "picture limits" => "画素の上限",
        "requests" => "請求への回答",
        "recording" => "画像の記録",
        "site" => "交差点",
        "cameras" => "カメラ",
        "resolution" => "解像度",
        "masks" => "塗りつぶす範囲",
        "largest heights" => "番号標及び顔の大きさ",
        "persons" => "管理責任者・操作担当者",
        _ => name,
    } : name;

    private string T(string english, string japanese) => _isJapanese ? japanese : english;
}
