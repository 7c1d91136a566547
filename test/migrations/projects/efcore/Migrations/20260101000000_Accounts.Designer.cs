[DbContext(typeof(ShopContext))]
[Migration("20260101000000_Accounts")]
partial class Accounts { }
