[DbContext(typeof(ShopContext))]
[Migration("20260103000000_EmailIndex")]
partial class EmailIndex { }
